using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>What enters containers is held up there: by the kernel, a file system, a node without a processor to spare.</summary>
public sealed class LateTests
{
    /// <summary>Longer than a worker is waited for, at each look at the container and at each try to repair it.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

    /// <summary>Who waited for each of fifty would wait for a hundred seconds; strace stops every thread at each call that enters a namespace.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_container_that_holds_a_worker_up_is_told_and_keeps_no_other_from_being_repaired()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 8);
        await apps.ServedAsync();
        var (late, others) = (apps.All[0], new Apps([.. apps.All.Skip(1)]));
        var name = Processes.Link(late.Pid, "ns/mnt")!;
        await agent.SettlesAsync();
        await using (var tracer = await Tracer.DelayingOnAsync([agent.Agent, .. agent.Workers], "setns", Delay, name))
        {
            agent.KillLxcfs();
            await tracer.HoldsAsync();

            await others.ServedAsync();
            Assert.NotNull(Apps.WhyUnserved(late));
            await IsToldAsync(agent, name);
        }

        await apps.ServedAsync();
        await Eventually.TrueAsync(async () => Quarantined(await agent.StatusAsync()).Length == 0, () => "it is still told");
        await Eventually.TrueAsync(async () => (await agent.MetricsAsync())["lxcfs_agent_quarantined_containers"] == 0, () => "it is still counted");
        // A look at the node is held up once or twice; whoever waited for the container itself would see nothing for all the delay.
        others.AssertRepairedWithin(Delay / 2);
    }

    /// <summary>For a page of a file the kernel has a reader wait for LXCFS in the way that he would wait for a disk, the agent's own among them.</summary>
    [Fact]
    public async Task An_LXCFS_that_stops_after_it_has_opened_a_file_is_replaced_as_soon_as_any()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        await using var tracer = await Tracer.DelayingAsync(agent.Workers, "pread64", TimeSpan.FromSeconds(0.5));
        for (var round = 0; round < 6; round++)
        {
            await agent.BecomesReadyAsync();
            // It is asked for an answer about every other second, for a second: some of these are between an open and its read.
            await Task.Delay(TimeSpan.FromSeconds(2 + (round * 0.33)), TestContext.Current.CancellationToken);
            var hung = Assert.Single(agent.Lxcfs);
            await Processes.StopAsync(hung);
            await Eventually.TrueAsync(() => agent.Lxcfs is [var pid] && pid != hung, () => $"{hung} is not replaced: {agent.Log}", Longest);
        }
    }

    [Fact]
    public async Task A_worker_whose_every_thread_is_late_is_ended_and_the_next_one_repairs_all()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 8);
        await apps.ServedAsync();
        await agent.SettlesAsync();
        var (decides, before) = (agent.Agent, agent.Workers);
        await using (await Tracer.DelayingAsync(before, "umount2", TimeSpan.FromMinutes(5)))
        {
            agent.KillLxcfs();

            await apps.ServedAsync();
            await agent.BecomesReadyAsync();
        }

        Assert.True((await agent.MetricsAsync())["lxcfs_agent_workers_killed_total"] > 0, agent.Log);
        Assert.Equal(decides, agent.Agent);
        apps.AssertRepairedWithin(Eventually.Patience);
        await Eventually.TrueAsync(async () => Quarantined(await agent.StatusAsync()).Length == 0, () => "it is still told");
    }

    /// <summary>Each in a namespace that holds up who enters it, at each try.</summary>
    [Fact]
    public async Task Fifty_containers_that_hold_workers_up_keep_no_other_from_being_repaired()
    {
        const int count = 50;
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        await using var late = await Namespaces.StartAsync(node, count, processes: 1);
        var names = late.Links().Except(apps.All.Select(app => Processes.Link(app.Pid, "ns/mnt"))).Except([Processes.Link(node.Pid, "ns/mnt")]).OfType<string>().ToArray();
        Assert.Equal(count, names.Length);
        await agent.SettlesAsync();
        await using (await Tracer.DelayingOnAsync([agent.Agent, .. agent.Workers], "setns", TimeSpan.FromHours(1), names))
        {
            // The second time they are known.
            foreach (var _ in (int[])[1, 2])
            {
                agent.KillLxcfs();
                await apps.ServedAsync();
                await agent.BecomesReadyAsync();
                await Eventually.TrueAsync(
                    async () => Quarantined(await agent.StatusAsync()).Length == count, () => $"not all are told: {agent.Log}");
                await agent.SettlesAsync();
            }
        }

        await Eventually.TrueAsync(async () => (await late.ReadAsync()).Bad == 0, () => $"not all are repaired: {agent.Log}", 2 * Eventually.Patience);
        apps.AssertRepairedWithin(Longest);
    }

    private static async Task IsToldAsync(AgentContainer agent, string name)
    {
        await Eventually.TrueAsync(
            async () => Quarantined(await agent.StatusAsync()) is [var only] && only == name, () => $"{name} is not told: {agent.Log}");
        await Eventually.TrueAsync(
            async () => (await agent.TryAgentAsync("status")).Output.Split('\n')
                .Any(line => line.StartsWith("Quarantined", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal)),
            () => $"{name} is in no table");
        await Eventually.TrueAsync(async () => (await agent.MetricsAsync())["lxcfs_agent_quarantined_containers"] == 1, () => "it is not counted");
        Assert.True((await agent.MetricsAsync())["lxcfs_agent_workers_killed_total"] >= 1);
        Assert.Contains($"held up by {name}", agent.Log, StringComparison.Ordinal);
    }

    private static string[] Quarantined(JsonNode status) =>
        [.. status["leftAlone"]!.AsArray().Where(item => (string?)item!["code"] == "Quarantined").Select(item => (string?)item!["mountNamespace"] ?? "").Distinct()];
}
