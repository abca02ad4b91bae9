using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>Pods as an API server stores them.</summary>
internal sealed class StoredPods(HttpClient client)
{
    /// <summary>The answer of the server: the pod, or a Status.</summary>
    public async Task<JsonNode> CreateAsync(string @namespace, JsonObject pod)
    {
        using var answer = await client.PostAsJsonAsync($"api/v1/namespaces/{@namespace}/pods", pod, TestContext.Current.CancellationToken);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>A server takes a registration into use some time after it has stored it.</summary>
    public async Task AwaitWebhooksAsync()
    {
        var pod = JsonNode.Parse("""{"metadata":{"generateName":"probe-"},"spec":{"containers":[{"name":"app","image":"app"}]}}""")!.AsObject();
        for (var tries = 0; tries < 300; tries++)
        {
            if ((await CreateAsync("served", pod))["spec"]?["volumes"] is not null)
                return;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail("the webhooks are not called");
    }

    /// <summary>Without what differs between any two pods.</summary>
    public static JsonNode WithoutServersOwn(JsonNode pod)
    {
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp", "managedFields", "selfLink"])
            pod["metadata"]?.AsObject().Remove(name);
        return pod;
    }

    /// <summary>Both webhooks; without one there is no pod, so nothing passes unseen.</summary>
    public static string Registration(int port, string token, string certificate) => $"{Webhook("Mutating", "mutate")}\n---\n{Webhook("Validating", "validate")}"
        .Replace("URL", $"https://localhost:{port}/hooks/{token}", StringComparison.Ordinal)
        .Replace("BUNDLE", Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate)), StringComparison.Ordinal);

    private static string Webhook(string kind, string path) => $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: {{kind}}WebhookConfiguration
        metadata: { name: lxcfs-functions }
        webhooks:
          - name: {{path}}.lxcfs.example
            admissionReviewVersions: [v1]
            sideEffects: None
            failurePolicy: Fail
            timeoutSeconds: 30
            clientConfig: { url: URL/{{path}}, caBundle: BUNDLE }
            rules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
            namespaceSelector: { matchLabels: { lxcfs-admission-webhook: enabled } }
        """;
}
