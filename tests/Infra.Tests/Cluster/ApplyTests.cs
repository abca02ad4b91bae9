using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>
/// The oldest API server that can be had here is 1.20: what is newer than it is left out, and so named in
/// <see cref="Newer"/>.
/// </summary>
public sealed class ApplyTests(SharedCluster cluster, Kustomization kustomization) : IClassFixture<SharedCluster>, IClassFixture<Kustomization>
{
    /// <summary>Kinds that the components and overlays need and 1.20 does not have, with the release that brought them.</summary>
    private static readonly Dictionary<string, string> Newer = new()
    {
        ["kind: PodDisruptionBudget"] = "policy/v1 came with 1.21",
        ["kind: ValidatingAdmissionPolicy"] = "1.30",
        ["kind: ValidatingAdmissionPolicyBinding"] = "1.30",
    };

    [Theory]
    [InlineData("url")]
    [InlineData("url", "enforce", "pod-monitor", "node-affinity")]
    [InlineData("service")]
    [InlineData("service", "enforce", "pod-monitor", "node-affinity")]
    public async Task An_api_server_takes_the_manifests_twice_without_a_warning(string overlay, params string[] components)
    {
        var text = await kustomization.RenderAsync(overlay, components);
        var documents = Manifests.Load(text).Documents.Where(document => !Newer.Keys.Any(kind => document.Split('\n').Contains(kind)));

        var first = await cluster.KubectlAsync(["apply", "-f", "-"], string.Join("---\n", documents));
        var second = await cluster.KubectlAsync(["apply", "-f", "-"], string.Join("---\n", documents));

        Assert.Equal("", first.Error);
        first.Succeeded();
        Assert.All(second.Succeeded().Trim().Split('\n'), line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
    }
}
