using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>A tenant has LXCFS need more memory than there is for it.</summary>
public sealed class MemoryTests
{
    [Fact]
    [Trait("Guest", "yes")]
    public async Task An_LXCFS_that_runs_out_of_memory_ends_alone_is_repaired_like_any_other_and_the_log_says_why()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        await agent.SettlesAsync();
        var (first, decides, lxcfs) = (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs));
        Assert.EndsWith("/lxcfs", Cgroups.MemoryOf(lxcfs), StringComparison.Ordinal);
        Assert.Equal(Cgroups.MemoryOf(first), Cgroups.MemoryOf(decides));

        var limit = Cgroups.LimitMemory(lxcfs, spare: 1 << 20);
        // Several, since each may have so many, and what LXCFS has of its own files in memory is given up before it is ended.
        var tenants = await Task.WhenAll(Enumerable.Range(0, 4).Select(index =>
            new Tenant(node, $"tenant-{index}").StartAsync(Tenant.AllFiles(node), "/attacks/open-files", "16", "1000", "/proc/stat")));
        await Eventually.TrueAsync(() => Processes.Status(lxcfs, "State") is null, () => $"it lives on: {string.Concat(tenants.Select(tenant => tenant.Log))}");
        limit.Dispose();
        foreach (var tenant in tenants)
            await tenant.KillAsync();

        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
        Assert.True(agent.IsRunning);
        Assert.Equal((first, decides), (agent.Pid, agent.Agent));
        Assert.True((await agent.MetricsAsync())["lxcfs_agent_lxcfs_restarts_total"] >= 1);
        Assert.Contains("has ended: memory ran out in its control group", agent.Log, StringComparison.Ordinal);
        apps.AssertRepairedWithin(Eventually.Patience);
    }

    [Fact]
    public async Task Where_LXCFS_can_have_no_control_group_of_its_own_the_log_says_so_and_it_serves()
    {
        await using var node = await Node.StartAsync();
        var groups = Node.IsCgroup2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        var agent = new AgentContainer(node, "agent") { Options = ["--mount", $"type=bind,src={groups},dst={groups},options=rbind:ro"] };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();

        Assert.Equal(Cgroups.MemoryOf(agent.Agent), Cgroups.MemoryOf(Assert.Single(agent.Lxcfs)));
        Assert.Contains("LXCFS has no control group of its own", agent.Log, StringComparison.Ordinal);
        apps.AssertFlawless();
    }
}
