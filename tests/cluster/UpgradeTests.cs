using LxcfsFunctions.ApiServer;
using LxcfsFunctions.ClusterTests.Rig;
using LxcfsFunctions.Infra.Tests;
using LxcfsFunctions.Infra.Tests.Cluster;

namespace LxcfsFunctions.ClusterTests;

/// <summary>From the agent of before to this one and back, while containers read. Without surge one goes before the other comes.</summary>
[Collection(ServedClusterTests.Name)]
public sealed class UpgradeTests(ServedCluster served)
{
    [Fact]
    public async Task An_upgrade_from_the_agent_of_before_and_the_way_back_fail_no_read()
    {
        var before = Binaries.Find(Repository.Root, "tests/cluster/before.sh");
        Assert.SkipWhen(before is null, "there is no agent of before: bash tests/cluster/before.sh builds it where the history reaches back to it");
        await served.NeedAsync();
        var back = await served.AroundAsync("back to the agent of before, no surge", () => ApplyBeforeAsync(before!));
        var upgrade = await served.AroundAsync("upgrade from the agent of before, no surge", async () =>
            (await served.Installation.DeployAsync("register")).Succeeded());
        Assert.Equal(0UL, upgrade.Failed);
        Assert.Equal(0UL, back.Failed);
    }

    private async Task ApplyBeforeAsync(string manifests)
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-before-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(manifests, "*.yaml"))
                await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileName(file)), OldApiServer.Adapt(await File.ReadAllTextAsync(file)));
            await File.AppendAllTextAsync(Path.Combine(folder, "kustomization.yaml"), "    newName: localhost/before\n");
            var kustomization = Path.Combine(folder, "kustomization.yaml");
            await File.WriteAllTextAsync(kustomization, (await File.ReadAllTextAsync(kustomization)).Replace("newTag: 1.0.0", "newTag: test", StringComparison.Ordinal));
            await served.Cluster.KubectlAsync($"apply --kustomize {folder}");
            await served.Cluster.KubectlAsync("rollout status daemonset/lxcfs --namespace lxcfs-system --timeout=110s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
