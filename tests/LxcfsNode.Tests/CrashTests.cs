using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>LXCFS and the agent die in every way; the containers go on.</summary>
[Trait("Beside", "Nothing")]
public sealed class CrashTests
{
    [Fact]
    public async Task Containers_are_repaired_each_time_LXCFS_is_killed()
    {
        const int count = 30, kills = 20;
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, count);
        List<TimeSpan> times = [];
        List<int> descriptors = [], kilobytes = [];
        for (var kill = 0; kill < kills; kill++)
        {
            await agent.SettlesAsync();
            var killed = ReaderReport.Now;
            agent.KillLxcfs();
            times.Add(await apps.RepairedSinceAsync(killed));
            await agent.BecomesReadyAsync();
            descriptors.Add(await Processes.IdleDescriptorsAsync(agent.Agent));
            kilobytes.Add(Processes.Kilobytes(agent.Agent, "RssAnon"));
        }

        Measured.Print($"LXCFS killed with {count} containers reading, to the last one repaired", times);
        Measured.Print($"the agent's descriptors after each kill: {string.Join(' ', descriptors)}");
        Measured.Print($"its anonymous memory in KiB: {string.Join(' ', kilobytes)}");
        var settled = kills / 2;
        // When memory is collected is the runtime's affair.
        Assert.InRange(descriptors[^3..].Min(), 0, descriptors[settled..^3].Max() + 2);
        Assert.InRange(kilobytes[^3..].Min(), 0, kilobytes[settled..^3].Max() + 2048);
    }

    [Fact]
    public async Task The_death_of_the_agent_costs_no_read()
    {
        const int count = 30, kills = 20;
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, count);
        await apps.ServedAsync();
        var (first, lxcfs) = (agent.Pid, Assert.Single(agent.Lxcfs));
        for (var kill = 0; kill < kills; kill++)
        {
            // Some in the first moments of the agent, while it finds the LXCFS of the one before.
            if (kill % 4 != 0)
                await agent.BecomesReadyAsync();
            await agent.KillAgentAsync();
        }

        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
        Assert.True(agent.IsRunning);
        Assert.Equal((first, lxcfs), (agent.Pid, Assert.Single(agent.Lxcfs)));
        apps.AssertFlawless();
        Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_adoptions_total"]);

        // It is adopted for good: its end is seen and repaired.
        await agent.SettlesAsync();
        var killed = ReaderReport.Now;
        agent.KillLxcfs();
        Measured.Print($"an adopted LXCFS killed with {count} containers reading, to the last one repaired", [await apps.RepairedSinceAsync(killed)]);
        Assert.Equal(first, agent.Pid);
    }

    [Fact]
    public async Task The_death_of_agent_and_LXCFS_at_once_ends_no_container()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        List<TimeSpan> times = [];
        for (var kill = 0; kill < 4; kill++)
        {
            await agent.SettlesAsync();
            var killed = ReaderReport.Now;
            agent.KillLxcfs();
            await agent.KillAgentAsync();
            times.Add(await apps.RepairedSinceAsync(killed));
        }

        Measured.Print("agent and LXCFS killed twice a minute and more often, to the last of 4 containers repaired", times);
        Assert.True(agent.IsRunning);
    }

    [Fact]
    public async Task Containers_are_repaired_after_the_first_process_of_the_agent_s_container_is_killed()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        List<TimeSpan> times = [];
        for (var kill = 0; kill < 3; kill++)
        {
            var killed = ReaderReport.Now;
            // The kernel ends nothing with it, as its pid namespace is the node's; the runtime ends agent and LXCFS.
            await agent.KillAsync();
            await agent.StartAsync();
            times.Add(await apps.RepairedSinceAsync(killed));
            await agent.BecomesReadyAsync();
        }

        Measured.Print("the agent's container killed and restarted at once, to the last of 4 containers repaired", times);
    }

    [Fact]
    public async Task Containers_are_repaired_after_the_whole_container_of_the_agent_is_killed()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var killed = ReaderReport.Now;
        Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
        await agent.KillAsync();
        await agent.StartAsync();
        await apps.RepairedSinceAsync(killed);
        await agent.BecomesReadyAsync();
    }

    [Fact]
    public async Task A_hung_LXCFS_is_replaced()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var hung = Assert.Single(agent.Lxcfs);
        var stopped = ReaderReport.Now;
        await Processes.StopAsync(hung);
        await Eventually.TrueAsync(() => agent.Lxcfs is [var pid] && pid != hung, () => $"{hung} is not replaced: {agent.Log}");
        Measured.Print("LXCFS stopped with SIGSTOP, to the last of 4 containers repaired", [await apps.RepairedSinceAsync(stopped)]);
        await agent.BecomesReadyAsync();
    }

    [Fact]
    public async Task An_LXCFS_that_gets_next_to_no_processor_is_slow_and_not_hung()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var starved = Assert.Single(agent.Lxcfs);
        using (Cgroups.Starve($"{node.Name}-starved", starved))
            await Eventually.TrueAsync(() => agent.Log.Contains("waits for a processor", StringComparison.Ordinal), () => $"it is not slow: {agent.Log}");
        await apps.ServedAsync();
        Assert.Equal(starved, Assert.Single(agent.Lxcfs));
        apps.AssertFlawless();
    }

    [Fact]
    public async Task A_container_that_starts_while_LXCFS_is_away_is_served_in_the_end()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        List<AppContainer> apps = [];
        for (var index = 0; index < 8; index++)
        {
            await agent.SettlesAsync();
            var killing = Task.Run(() => Libc.Signal(agent.Lxcfs[0], Libc.SigKill), TestContext.Current.CancellationToken);
            var id = $"app-{index}";
            var refusal = "";
            await Eventually.TrueAsync(async () => (refusal = await TryStartAsync(node, id, apps)) == "", () => refusal);
            await killing;
        }

        await new Apps(apps).ServedAsync();
    }

    /// <summary>A kubelet tries again when a container can't be created; so does this.</summary>
    private static async Task<string> TryStartAsync(Node node, string id, List<AppContainer> apps)
    {
        try
        {
            apps.Add(await AppContainer.StartAsync(node, AppKind.Distroless, id));
            return "";
        }
        catch (InvalidOperationException error)
        {
            await node.TryAsync("ctr", "task", "rm", "--force", id);
            await node.TryAsync("ctr", "container", "rm", id);
            await node.TryAsync("ctr", "snapshot", "rm", id);
            return error.Message;
        }
    }
}
