using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.ApiServer;

/// <summary>Plays what writes a certificate's authority into the webhook configurations that ask for it by an annotation: cert-manager's injector.</summary>
internal static class PlayedInjector
{
    private const string Asks = "cert-manager.io/inject-ca-from", Group = "apis/admissionregistration.k8s.io/v1";
    private static readonly string[] Registrations = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"];

    /// <param name="client">Of an API server.</param>
    /// <param name="certificate">NAMESPACE/NAME, as the annotation has it.</param>
    /// <param name="authority">In PEM.</param>
    /// <returns>How many configurations ask for it, whether or not they had it.</returns>
    public static async Task<int> InjectAsync(HttpClient client, string certificate, string authority)
    {
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority));
        var asking = 0;
        foreach (var registration in Registrations)
        {
            var all = await client.GetFromJsonAsync<JsonObject>(new Uri($"{Group}/{registration}", UriKind.Relative));
            foreach (var item in all!["items"]!.AsArray().Where(item => (string?)item!["metadata"]!["annotations"]?[Asks] == certificate))
            {
                asking++;
                var patch = PatchOf(item!["webhooks"]!.AsArray(), bundle);
                if (patch.Count == 0)
                    continue;
                using var content = JsonContent.Create(patch, new MediaTypeHeaderValue("application/json-patch+json"));
                using var answer = await client.PatchAsync(new Uri($"{Group}/{registration}/{item["metadata"]!["name"]}", UriKind.Relative), content);
                // Somebody may have deleted it since.
                if (answer.StatusCode != HttpStatusCode.NotFound)
                    answer.EnsureSuccessStatusCode();
            }
        }

        return asking;
    }

    private static JsonArray PatchOf(JsonArray webhooks, string bundle) =>
    [
        .. webhooks.Select((webhook, index) => (Path: $"/webhooks/{index}/clientConfig/caBundle", Has: (string?)webhook!["clientConfig"]!["caBundle"]))
            .Where(webhook => webhook.Has != bundle)
            .Select(webhook => new JsonObject { ["op"] = "add", ["path"] = webhook.Path, ["value"] = bundle }),
    ];
}
