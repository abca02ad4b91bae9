using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.EndToEnd.Service;

/// <summary>Plays cert-manager: issues what a Certificate asks for, and injects the authority where an annotation asks for it.</summary>
internal sealed class PlayedCertManager(Api api, Authority authority)
{
    private const string InjectFrom = "cert-manager.io/inject-ca-from", Group = "apis/admissionregistration.k8s.io/v1";
    private static readonly string[] Registrations = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"];

    /// <summary>The secret is made as the Certificate says: for its names, in its namespace.</summary>
    public async Task IssueAsync(string @namespace, string name)
    {
        var spec = (await api.GetAsync($"apis/cert-manager.io/v1/namespaces/{@namespace}/certificates/{name}"))["spec"]!;
        var certificate = authority.Issue((string)Assert.Single(spec["dnsNames"]!.AsArray())!);
        (await api.SendAsync(HttpMethod.Post, $"api/v1/namespaces/{@namespace}/secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = (string)spec["secretName"]! },
            ["type"] = "kubernetes.io/tls",
            ["stringData"] = new JsonObject { ["tls.crt"] = certificate.Chain, ["tls.key"] = certificate.Key },
        })).Succeeded();
        foreach (var registration in Registrations)
            await InjectAsync(registration, $"{@namespace}/{name}");
    }

    private async Task InjectAsync(string registration, string certificate)
    {
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Pem));
        var asking = (await api.GetAsync($"{Group}/{registration}"))["items"]!.AsArray()
            .Where(item => (string?)item!["metadata"]!["annotations"]?[InjectFrom] == certificate).ToList();
        Assert.NotEmpty(asking);
        foreach (var item in asking)
        {
            var patch = new JsonArray([.. item!["webhooks"]!.AsArray().Select((_, index) =>
                new JsonObject { ["op"] = "add", ["path"] = $"/webhooks/{index}/clientConfig/caBundle", ["value"] = bundle })]);
            (await api.SendAsync(HttpMethod.Patch, $"{Group}/{registration}/{item["metadata"]!["name"]}", patch, "application/json-patch+json")).Succeeded();
        }
    }
}
