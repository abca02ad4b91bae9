using System.Text.Json.Nodes;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.EndToEnd.Service;

/// <summary>Plays cert-manager: issues what a Certificate asks for, and injects the authority where an annotation asks for it.</summary>
internal sealed class PlayedCertManager(Api api, Authority authority)
{
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
        Assert.NotEqual(0, await PlayedInjector.InjectAsync(api.Client, $"{@namespace}/{name}", authority.Pem));
    }
}
