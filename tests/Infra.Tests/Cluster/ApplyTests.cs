using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Cluster;

[Collection(SharedClusterTests.Name)]
public sealed class ApplyTests(SharedCluster cluster, Kustomization kustomization) : IClassFixture<Kustomization>
{
    [Theory]
    [InlineData("url")]
    [InlineData("url", "enforce", "node-affinity", "node-delivery", "pod-monitor", "alerts", "dashboards")]
    [InlineData("service")]
    [InlineData("service", "enforce", "node-affinity", "node-delivery", "pod-monitor", "alerts", "dashboards")]
    public async Task An_api_server_takes_the_manifests_twice_without_a_warning(string overlay, params string[] components)
    {
        var rendered = Manifests.Load(await kustomization.RenderAsync(overlay, components));
        var documents = string.Join("---\n", rendered.Documents.Select(OldApiServer.Adapt).OfType<string>());

        var first = await cluster.KubectlAsync(["apply", "-f", "-"], documents);
        var second = await cluster.KubectlAsync(["apply", "-f", "-"], documents);

        Assert.Equal("", first.Error);
        first.Succeeded();
        Assert.All(second.Succeeded().Trim().Split('\n'), line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
    }
}
