using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>From the installation to the removal, short enough for an emulated machine too.</summary>
[Trait("Guest", "yes")]
public sealed class LifeTests
{
    [Fact]
    public async Task A_node_is_served_through_crashes_and_an_upgrade_and_is_left_as_it_was()
    {
        await using var node = await Node.StartAsync();
        var before = Mount.Table(node.Pid);
        var old = await AgentContainer.ReadyAsync(node, "old");
        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        HasLittlePower(Assert.Single(old.Lxcfs));
        await using var starts = new Starts(node, containers: false);

        var began = ReaderReport.Now;
        var next = await AgentContainer.ReadyAsync(node, "new");
        await old.StopAsync();
        await apps.ServedAsync();
        Measured.Print("upgrade with 4 containers, from the start of the new container to the end of the old one", [ReaderReport.Now - began]);
        apps.AssertFlawless();
        await starts.AssertNeverRefusedAsync();

        var times = await KillAsync(next, apps);
        Measured.Print("LXCFS killed with 4 containers reading, to the last one repaired", times);
        await next.AgentAsync("cleanup");
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
        foreach (var app in apps.All)
            await app.KillAsync();
        await next.StopAsync();
        Assert.Equal(before, Mount.Table(node.Pid));
    }

    /// <summary>A control group of its own, a filter of system calls, and no way to more.</summary>
    private static void HasLittlePower(int lxcfs)
    {
        Assert.Contains(File.ReadLines($"/proc/{lxcfs}/cgroup"), line => line.EndsWith("/lxcfs", StringComparison.Ordinal));
        Assert.Equal(("2", "1", "0000000000000000"), (Processes.Status(lxcfs, "Seccomp"), Processes.Status(lxcfs, "NoNewPrivs"), Processes.Status(lxcfs, "CapBnd")));
    }

    private static async Task<List<TimeSpan>> KillAsync(AgentContainer agent, Apps apps)
    {
        List<TimeSpan> times = [];
        for (var kill = 0; kill < 3; kill++)
        {
            await agent.SettlesAsync();
            var killed = ReaderReport.Now;
            Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
            times.Add(await apps.RepairedSinceAsync(killed));
            await agent.BecomesReadyAsync();
        }

        return times;
    }
}
