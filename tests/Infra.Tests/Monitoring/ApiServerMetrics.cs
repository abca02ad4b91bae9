using LxcfsFunctions.Infra.Tests.Cluster;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>What a real API server says of our webhooks once nobody has answered them.</summary>
internal static class ApiServerMetrics
{
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata:
          generateName: train-
          namespace: team
        spec:
          containers:
            - name: train
              image: train
        """;

    /// <param name="rendered">The manifests, with the webhooks at a URL.</param>
    public static async Task<string> ReadAsync(SharedCluster cluster, string rendered)
    {
        // Port 1 of loopback: nobody listens there.
        var webhooks = Manifests.Load(rendered.Replace(Kustomization.Host, "127.0.0.1:1", StringComparison.Ordinal)).Documents
            .Where(document => document.Contains("WebhookConfiguration\n", StringComparison.Ordinal));
        (await cluster.KubectlAsync(["apply", "-f", "-"], string.Join("---\n", webhooks))).Succeeded();
        (await cluster.KubectlAsync("create", "namespace", "team")).Succeeded();
        // 1.20 does not put this label there by itself, as 1.21 and later do.
        (await cluster.KubectlAsync("label", "namespace", "team", "lxcfs-admission-webhook=enabled", "kubernetes.io/metadata.name=team")).Succeeded();

        for (var deadline = DateTime.UtcNow.AddMinutes(1); ;)
        {
            // The server learns of a registration a moment after it has taken it.
            var created = await cluster.KubectlAsync(["create", "-f", "-"], Pod);
            if (created.Error.Contains("failed calling webhook", StringComparison.Ordinal))
                break;
            Assert.True(DateTime.UtcNow < deadline, "the API server calls no webhook");
        }

        return (await cluster.KubectlAsync("get", "--raw", "/metrics")).Succeeded();
    }
}
