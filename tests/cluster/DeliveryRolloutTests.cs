using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>
/// A new agent while many pods start. This server has no surge, so there is none for a moment: the files are taken away, and pods wait or
/// get them late.
/// </summary>
[Collection(DeliveredClusterTests.Name)]
public sealed class DeliveryRolloutTests(DeliveredCluster delivered)
{
    private const string Lxcfs = "daemonset/lxcfs --namespace lxcfs-system";

    /// <summary>Of thirty readers on a small machine, in microseconds.</summary>
    private const int Pause = 500_000;

    [Fact]
    public async Task Thirty_pods_that_start_during_a_rollout_are_all_served_and_no_read_fails()
    {
        await delivered.NeedAsync();
        var (running, starting) = await delivered.AroundAsync("DaemonSet rollout, no surge, and 30 pods", async pods =>
        {
            var creating = pods.CreateAsync();
            await delivered.Cluster.KubectlAsync($"patch {Lxcfs} --type=merge --patch={{\"spec\":{{\"template\":{{\"metadata\":{{\"annotations\":{{\"rolled\":\"out\"}}}}}}}}}}");
            await creating;
            await delivered.Cluster.KubectlAsync($"rollout status {Lxcfs} --timeout=110s");
        }, count: 30, others: 0, Pause);
        Assert.Equal(0UL, running.Failed);
        Assert.Equal(0UL, starting.Failed);
        Assert.Equal(30, starting.Starts.Count);
    }
}
