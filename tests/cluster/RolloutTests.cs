using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>
/// The days after an installation. This server has no surge, so an agent goes before the next one comes: containers read the node's own
/// values meanwhile, and never an error.
/// </summary>
[Collection(ServedClusterTests.Name)]
public sealed class RolloutTests(ServedCluster served)
{
    private const string Lxcfs = "daemonset/lxcfs --namespace lxcfs-system";

    [Fact]
    public async Task A_rollout_and_its_undoing_fail_no_read()
    {
        await served.NeedAsync();
        var rollout = await served.AroundAsync("DaemonSet rollout, no surge", async () =>
        {
            await served.Cluster.KubectlAsync($"patch {Lxcfs} --type=merge --patch={{\"spec\":{{\"template\":{{\"metadata\":{{\"annotations\":{{\"rolled\":\"out\"}}}}}}}}}}");
            await served.Cluster.KubectlAsync($"rollout status {Lxcfs} --timeout=110s");
        });
        Assert.Equal(0UL, rollout.Failed);

        var undone = await served.AroundAsync("DaemonSet rollback, no surge", async () =>
        {
            await served.Cluster.KubectlAsync($"rollout undo {Lxcfs}");
            await served.Cluster.KubectlAsync($"rollout status {Lxcfs} --timeout=110s");
        });
        Assert.Equal(0UL, undone.Failed);
    }

    [Fact]
    public async Task A_DaemonSet_deleted_and_made_again_serves_running_pods_and_those_that_came_meanwhile()
    {
        await served.NeedAsync();
        ReaderCounts? early = null;
        try
        {
            var figures = await served.AroundAsync("DaemonSet deleted and made again", async () =>
            {
                await served.Cluster.KubectlAsync($"delete {Lxcfs} --wait");
                await Eventually.NullAsync(async () =>
                    await served.Cluster.KubectlAsync("get pods --namespace lxcfs-system --output name") is { Length: > 0 } left ? left : null);
                early = served.Readers.Add("early");
                await served.Cluster.ApplyAsync("tests/cluster/TestData/early.yaml");
                await Eventually.NullAsync(async () => (await EventsOfEarlyAsync()).Contains("FailedMount", StringComparison.Ordinal)
                    ? null : $"it does not wait: {await EventsOfEarlyAsync()}");
                Assert.Equal("Pending", await served.Cluster.KubectlAsync("get pod early --namespace team --output jsonpath={.status.phase}"));
                (await served.Installation.DeployAsync("register")).Succeeded();
            });
            Assert.Equal(0UL, figures.Failed);
            Assert.True(early is { Failed: 0, Wrong: 0 }, $"{early}");
        }
        finally
        {
            await served.Cluster.KubectlAsync("delete pod early --namespace team --ignore-not-found");
            if (early is not null)
                served.Readers.Remove("early");
        }
    }

    private Task<string> EventsOfEarlyAsync() => served.Cluster.KubectlAsync(
        "get events --namespace team --field-selector involvedObject.name=early --output jsonpath={.items[*].reason}{.items[*].message}");
}
