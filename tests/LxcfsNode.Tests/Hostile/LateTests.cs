using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>What enters containers is held up there: by the kernel, a file system, a node without a processor to spare.</summary>
public sealed class LateTests
{
    /// <summary>Longer than a worker is waited for, at each look at the container and at each try to repair it.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

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
        await using (var tracer = await Tracer.DelayingOnAsync([agent.Agent, .. agent.Workers], "setns", name, Delay))
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
        others.AssertHealedWithin(Delay / 2);
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
        apps.AssertHealedWithin(Eventually.Patience);
        await Eventually.TrueAsync(async () => Quarantined(await agent.StatusAsync()).Length == 0, () => "it is still told");
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
