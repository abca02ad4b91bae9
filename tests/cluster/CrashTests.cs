using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>What dies on the node, beside a kubelet that backs off.</summary>
[Collection(ServedClusterTests.Name)]
public sealed class CrashTests(ServedCluster served)
{
    /// <summary>Between two kills. An LXCFS that dies as soon as it runs is given ever longer pauses, with the node's own files meanwhile.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private NodeProcesses Processes => served.Cluster.Processes;

    [Fact]
    public async Task LXCFS_killed_three_times_in_a_minute_shows_no_wrong_value_and_the_kubelet_restarts_nothing()
    {
        await served.NeedAsync();
        var before = await RestartsAsync();
        for (var time = 1; time <= 3; time++)
        {
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
            var figures = await served.AroundAsync($"SIGKILL of LXCFS ({time})", () => NodeProcesses.ReplaceAsync(() => Processes.Lxcfs));
            Assert.Equal(0UL, figures.Wrong);
        }

        Assert.Equal(before, await RestartsAsync());
    }

    [Fact]
    public async Task The_agent_killed_three_times_in_a_minute_costs_no_read()
    {
        await served.NeedAsync();
        var before = await RestartsAsync();
        for (var time = 1; time <= 3; time++)
        {
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
            var figures = await served.AroundAsync($"SIGKILL of the agent ({time})", () => NodeProcesses.ReplaceAsync(() => Processes.Deciding));
            Assert.True(figures is { Failed: 0, Wrong: 0 }, figures.ToString());
        }

        Assert.Equal(before, await RestartsAsync());
    }

    [Fact]
    public async Task The_containers_first_process_killed_twice_in_a_minute_is_repaired_when_the_kubelet_has_restarted_it()
    {
        await served.NeedAsync();
        await served.NewAgentAsync();
        for (var time = 1; time <= 2; time++)
        {
            var figures = await served.AroundAsync($"SIGKILL of pid 1 ({time})", () => NodeProcesses.ReplaceAsync(() => Processes.AgentInits));
            Assert.Equal(0UL, figures.Wrong);
        }

        await served.NewAgentAsync();
    }

    private Task<string> RestartsAsync() => served.Cluster.KubectlAsync(
        "get pods --namespace lxcfs-system --output jsonpath={range.items[*]}{.metadata.name}:{.status.containerStatuses[*].restartCount}{end}");
}
