using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What LXCFS may do in an agent's hands, and that it serves nobody before it has given up the rest.</summary>
public sealed class PowerTests
{
    /// <summary>CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT, CAP_SYS_PTRACE, CAP_SYS_ADMIN (linux/capability.h).</summary>
    private const ulong Four = 1 << 2 | 1 << 18 | 1 << 19 | 1 << 21;

    [Fact]
    public async Task No_agent_is_ready_and_nobody_is_served_before_LXCFS_has_given_up_its_power()
    {
        await using var node = await Node.StartAsync();
        // LXCFS is held up for seconds, and is not to be taken for one that hangs.
        var agent = new AgentContainer(node, "agent") { Settings = [("LXCFS_AGENT_PROBE_SECONDS", "60")] };
        await agent.StartAsync();
        await agent.SettlesAsync();
        var first = Assert.Single(agent.Lxcfs);
        int next;
        await using (var tracer = await Tracer.DelayingAsync([agent.Agent], "seccomp", TimeSpan.FromSeconds(50)))
        {
            Libc.Signal(first, Libc.SigKill);
            next = await tracer.HoldsAsync(looks: 20);
            Assert.Contains(next, agent.Lxcfs);

            var answer = await agent.HealthAsync("ready");
            var (root, mounted) = (node.Live, Mount.Of(agent.Pid).Where(mount => mount.IsLxcfs).Select(mount => mount.Device).Distinct());
            Assert.True(Processes.Status(next, "Seccomp") == "0", "the filter was there before it was looked");
            Assert.Equal(1, answer.ExitCode);
            Assert.True(root is null || mounted.Any(device => device != root.Device), $"{root} is served");
        }

        await agent.BecomesReadyAsync();
        Assert.Equal(next, Assert.Single(agent.Lxcfs));
        Assert.All(Processes.Threads(next), thread => Assert.Equal("2", Processes.Status(thread, "Seccomp")));
        HasLittlePower(next);
    }

    [Fact]
    public async Task Without_its_filter_LXCFS_serves_with_as_few_capabilities_and_the_log_warns()
    {
        await using var node = await Node.StartAsync();
        var agent = new AgentContainer(node, "agent") { Settings = [("LXCFS_AGENT_LXCFS_FILTER", "false")] };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();

        var lxcfs = Assert.Single(agent.Lxcfs);
        Assert.Equal("0", Processes.Status(lxcfs, "Seccomp"));
        HasLittlePower(lxcfs);
        Assert.Single(agent.Log.Split('\n'), line => line.Contains("LXCFS_AGENT_LXCFS_FILTER=false", StringComparison.Ordinal)
            && line.Contains("Warning", StringComparison.Ordinal));
        apps.AssertFlawless();
    }

    /// <summary>At most four capabilities, no way to others, and a control group of its own.</summary>
    private static void HasLittlePower(int lxcfs)
    {
        Assert.Equal(("1", "0000000000000000", "0000000000000000"), (
            Processes.Status(lxcfs, "NoNewPrivs"), Processes.Status(lxcfs, "CapBnd"), Processes.Status(lxcfs, "CapInh")));
        foreach (var field in Processes.Threads(lxcfs).SelectMany(thread => new[] { Processes.Status(thread, "CapPrm"), Processes.Status(thread, "CapEff") }).OfType<string>())
            Assert.Equal(0ul, ulong.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~Four);
        Assert.Contains(File.ReadLines($"/proc/{lxcfs}/cgroup"), line => line.EndsWith("/lxcfs", StringComparison.Ordinal));
    }
}
