using k8s.Models;
using LxcfsFunctions.Infra.Tests.Cluster;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Release;

/// <summary>What a release has for kubectl apply.</summary>
[Collection(SharedClusterTests.Name)]
public sealed class ManifestTests(SharedCluster cluster)
{
    [Theory]
    [InlineData("service", "registry.example/me/lxcfs-agent:1.2.3", "registry.example/me/lxcfs-functions:1.2.3")]
    [InlineData("url", "registry.example/me/lxcfs-agent:1.2.3")]
    public async Task They_name_the_released_images_and_an_api_server_takes_them(string mode, params string[] images)
    {
        using var folder = new ScriptTests.Folder();
        (await Command.RunAsync(
            ScriptTests.Script("manifests.sh"), ["1.2.3", "registry.example/me", folder.Path], new Dictionary<string, string> { ["KUBECTL"] = Repository.Kubectl })).Succeeded();
        var manifests = Manifests.Load(await File.ReadAllTextAsync(Path.Combine(folder.Path, $"install-{mode}.yaml"), TestContext.Current.CancellationToken));

        var templates = manifests.Objects.OfType<V1Deployment>().Select(item => item.Spec.Template).Concat(manifests.Objects.OfType<V1DaemonSet>().Select(item => item.Spec.Template));
        Assert.Equal(
            images, templates.SelectMany(template => (template.Spec.InitContainers ?? []).Concat(template.Spec.Containers)).Select(container => container.Image).Distinct().Order(StringComparer.Ordinal));

        // Created for real, since a dry run has no namespace to put the rest in.
        var documents = string.Join("---\n", manifests.Documents.Select(OldApiServer.Adapt).OfType<string>());
        var applied = await cluster.KubectlAsync(["apply", "-f", "-"], documents);
        Assert.Equal("", applied.Error);
        applied.Succeeded();
    }
}
