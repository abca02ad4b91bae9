using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>LXCFS and the agent die in every way; the containers go on.</summary>
[Trait("Beside", "Nothing")]
public sealed class CrashTests
{
    [Fact]
    public async Task Containers_are_healed_each_time_LXCFS_is_killed()
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
            Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
            times.Add(await apps.HealedSinceAsync(killed));
            await agent.BecomesReadyAsync();
            descriptors.Add(await Processes.IdleDescriptorsAsync(agent.Pid));
            kilobytes.Add(Processes.Kilobytes(agent.Pid, "RssAnon"));
        }

        Measured.Print($"LXCFS killed with {count} containers reading, to the last one healed", times);
        Measured.Print($"the agent's descriptors after each kill: {string.Join(' ', descriptors)}");
        Measured.Print($"its anonymous memory in KiB: {string.Join(' ', kilobytes)}");
        var settled = kills / 2;
        Assert.InRange(descriptors[^1], 0, descriptors[settled] + 2);
        Assert.InRange(kilobytes[^1], 0, kilobytes[settled] + 2048);
    }

    [Fact]
    public async Task Containers_are_healed_after_the_agent_is_killed_and_restarted()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        List<TimeSpan> times = [];
        for (var kill = 0; kill < 3; kill++)
        {
            var killed = ReaderReport.Now;
            // The runtime ends LXCFS with it, as both are in one container.
            await agent.KillAsync();
            await agent.StartAsync();
            times.Add(await apps.HealedSinceAsync(killed));
            await agent.BecomesReadyAsync();
        }

        Measured.Print("agent killed and restarted at once, to the last of 4 containers healed", times);
    }

    [Fact]
    public async Task Containers_are_healed_after_agent_and_LXCFS_are_killed_together()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var killed = ReaderReport.Now;
        Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
        await agent.KillAsync();
        await agent.StartAsync();
        await apps.HealedSinceAsync(killed);
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
        Measured.Print("LXCFS stopped with SIGSTOP, to the last of 4 containers healed", [await apps.HealedSinceAsync(stopped)]);
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
