using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>What happens to the node itself.</summary>
[Collection(ServedClusterTests.Name)]
public sealed class NodeTests(ServedCluster served)
{
    [Fact]
    public async Task A_kubelet_that_stops_and_starts_costs_no_read()
    {
        await served.NeedAsync();
        var figures = await served.AroundAsync("kubelet stopped and started", () => AwayAsync("kubelet"));
        Assert.True(figures is { Failed: 0, Wrong: 0 }, figures.ToString());
    }

    [Fact]
    public async Task A_containerd_that_is_restarted_costs_no_read()
    {
        await served.NeedAsync();
        var figures = await served.AroundAsync("containerd restarted", () => AwayAsync("containerd"));
        Assert.True(figures is { Failed: 0, Wrong: 0 }, figures.ToString());
    }

    [Fact]
    public async Task After_a_power_cut_every_container_runs_again_and_reads_right_values()
    {
        await served.NeedAsync();
        var figures = await served.AroundAsync("power cut", async () =>
        {
            await served.Cluster.Node.CutPowerAsync();
            served.Cluster.Node.RestorePower();
        });
        Assert.True(figures is { Failed: 0, Wrong: 0 }, figures.ToString());
        await served.Cluster.NodeIsReadyAsync();
    }

    [Fact]
    public async Task After_a_drain_the_pods_come_back_and_read_right_values()
    {
        await served.NeedAsync();
        var figures = await served.AroundAsync("node drained and back", async () =>
        {
            // The functions stay: their budget wants one of them to run, and there is no other node.
            await served.Cluster.KubectlAsync(
                "drain node --ignore-daemonsets --force --timeout=110s --pod-selector=app.kubernetes.io/part-of!=lxcfs-functions");
            await served.Cluster.KubectlAsync("uncordon node");
            await served.Cluster.ApplyAsync("tests/cluster/TestData/workloads/tools.yaml");
        });
        Assert.True(figures is { Failed: 0, Wrong: 0 }, figures.ToString());
    }

    /// <summary>Until the node has been ready again, without it and then with it.</summary>
    private async Task AwayAsync(string program)
    {
        await served.Cluster.Node.StopAsync(program);
        await served.Readers.AllReadRightAsync();
        await served.Cluster.Node.StartAsync(program);
        await served.Cluster.NodeIsReadyAsync();
    }
}
