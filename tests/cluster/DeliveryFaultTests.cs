using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>What dies or hangs on the node while pods start to which it brings the files.</summary>
[Collection(DeliveredClusterTests.Name)]
public sealed class DeliveryFaultTests(DeliveredCluster delivered)
{
    /// <summary>Init starts an agent that lived for less than a second ever later.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.5);

    /// <summary>After a minute the kubelet would start the agent's container again, and take its time for that.</summary>
    private static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(45);

    private BootedCluster Cluster => delivered.Cluster;

    private NodeProcesses Processes => Cluster.Processes;

    [Fact]
    public async Task While_the_agent_is_killed_again_and_again_pods_start_and_have_the_files_in_the_end()
    {
        await delivered.NeedAsync();
        var (running, starting) = await delivered.AroundAsync("SIGKILL of the agent, three times", async pods =>
        {
            var creating = pods.CreateAsync();
            for (var time = 1; time <= 3; time++)
            {
                await NodeProcesses.ReplaceAsync(() => Processes.Deciding);
                await Task.Delay(Pause, TestContext.Current.CancellationToken);
            }

            await creating;
        }, count: 12);
        Assert.True(running is { Failed: 0, Wrong: 0 }, running.ToString());
        Assert.Equal(0UL, starting.Failed);
    }

    [Fact]
    public async Task While_the_agent_hangs_the_runtime_waits_for_it_once_and_pods_that_started_bare_have_the_files_when_it_goes_on()
    {
        await delivered.NeedAsync();
        var agent = Assert.Single(Processes.Deciding);
        var cut = PluginsCut();
        var (running, starting) = await delivered.AroundAsync("SIGSTOP of the agent", async pods =>
        {
            NodeProcesses.Stop(agent);
            try
            {
                await pods.CreateAsync();
                await pods.AllRunAsync();
            }
            finally
            {
                NodeProcesses.Continue(agent);
            }
        });
        Assert.True(running is { Failed: 0, Wrong: 0 }, running.ToString());
        Assert.Equal(0UL, starting.Failed);
        Assert.Equal(starting.Starts.Count, starting.Bare);
        Assert.Equal(cut + 1, PluginsCut());
        Assert.Equal(agent, Assert.Single(Processes.Deciding));
    }

    [Fact]
    public async Task While_LXCFS_dies_no_pod_starts_without_the_files()
    {
        await delivered.NeedAsync();
        var (running, starting) = await delivered.AroundAsync("SIGKILL of LXCFS", async pods =>
        {
            var creating = pods.CreateAsync();
            await NodeProcesses.ReplaceAsync(() => Processes.Lxcfs);
            await creating;
        });
        Assert.Equal(0UL, running.Wrong);
        Assert.Equal(0, starting.Bare);
    }

    [Fact]
    public async Task While_LXCFS_hangs_pods_wait_and_others_do_not()
    {
        await delivered.NeedAsync();
        var cut = PluginsCut();
        var hung = Assert.Single(Processes.Lxcfs);
        var (running, starting) = await delivered.AroundAsync("SIGSTOP of LXCFS", async pods =>
        {
            NodeProcesses.Stop(hung);
            await pods.CreateAsync();
            await pods.OthersRunAsync();
        });
        Assert.Equal(0UL, running.Wrong);
        Assert.Equal(0, starting.Bare);
        Assert.Equal(cut, PluginsCut());
        Assert.NotEqual(hung, Assert.Single(Processes.Lxcfs));
    }

    [Fact]
    public async Task When_the_runtime_is_started_again_it_asks_the_agent_again()
    {
        await delivered.NeedAsync();
        var (running, starting) = await delivered.AroundAsync("containerd restarted", async pods =>
        {
            var creating = pods.CreateAsync();
            await Cluster.Node.StopAsync("containerd");
            await Cluster.Node.StartAsync("containerd");
            await creating;
        });
        Assert.True(running is { Failed: 0, Wrong: 0 }, running.ToString());
        Assert.Equal(0UL, starting.Failed);
    }

    /// <summary>A kubelet starts the oldest pod first, so the readers that are older than the agent are what may start bare.</summary>
    [Fact]
    public async Task After_a_power_cut_pods_that_started_bare_have_the_files_when_the_agent_is_there()
    {
        await delivered.NeedAsync();
        await delivered.NewAgentAsync();
        var before = delivered.Readers.All.ToDictionary(reader => reader, reader => reader.Wrong);
        var (running, starting) = await delivered.AroundAsync("power cut", async pods =>
        {
            await pods.CreateAsync();
            await pods.AllReadRightAsync();
            await Cluster.Node.CutPowerAsync();
            Cluster.Node.RestorePower();
        }, count: 10, others: 0);
        delivered.Report($"Power cut: {before.Count(item => item.Key.Wrong > item.Value)} of {before.Count} containers of pods that are older than the agent started bare");
        Assert.Equal(0UL, running.Failed);
        Assert.Equal(0UL, starting.Failed);
        await Cluster.NodeIsReadyAsync();
    }

    [Fact]
    public async Task After_a_power_cut_an_agent_that_comes_late_gives_the_files_to_all_that_started_bare()
    {
        await delivered.NeedAsync();
        var (running, starting) = await delivered.AroundAsync("power cut, and the agent comes last", async pods =>
        {
            await pods.CreateAsync();
            await pods.AllReadRightAsync();
            await Cluster.Node.CutPowerAsync();
            Cluster.Node.RestorePower();
            await Eventually.NullAsync(() => Processes.Deciding is [_] ? null : "the agent does not start");
            var late = Processes.Deciding[0];
            NodeProcesses.Stop(late);
            try
            {
                await pods.AllReadAsync(LongestHang);
            }
            finally
            {
                NodeProcesses.Continue(late);
            }
        }, count: 10, others: 0);
        Assert.Equal(0UL, running.Failed);
        Assert.Equal(0UL, starting.Failed);
        Assert.True(starting.Bare > 0, "it came before all of them");
        await Cluster.NodeIsReadyAsync();
    }

    /// <summary>How often the runtime gave up a plugin that did not answer.</summary>
    private int PluginsCut() => File.ReadLines(Path.Combine(Cluster.Folder, "logs", "containerd.log"))
        .Count(line => line.Contains("failed to handle CreateContainer", StringComparison.Ordinal));
}
