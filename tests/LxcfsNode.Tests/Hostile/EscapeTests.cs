using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>
/// What the agent changes in a container is identified before, not found by its path: an ordinary tenant, who controls paths and
/// roots, has the agent change nothing else.
/// </summary>
public sealed class EscapeTests
{
    private const int Pairs = 8;

    /// <summary>Read-only, masked, or a file of LXCFS in the real root: in each case the jail's file is told at that path.</summary>
    [Theory]
    [InlineData("/proc/sys")]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/meminfo")]
    [InlineData("/sys/firmware")]
    public async Task A_first_process_that_changes_its_root_has_nothing_of_its_container_changed(string target)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 2);
        var tenant = await new Tenant(node, "tenant").StartAsync(
            Tenant.FileAt(node, "/proc/meminfo", $"/data/jail{target}"), "/attacks/chroot-jail", "/data/jail");
        await tenant.SaysAsync("jailed");
        var before = tenant.OtherMounts;

        await EndLxcfsAndAgentAsync(agent, apps);

        Assert.Equal(before, tenant.OtherMounts);
        Assert.False(tenant.HasEscaped, tenant.Log);
    }

    [Theory]
    [InlineData("sys", "/proc")]
    [InlineData("kcore", "/proc")]
    [InlineData("meminfo", "/proc")]
    public async Task A_folder_exchanged_for_a_link_between_look_and_work_leads_nowhere(string name, string behind)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 2);
        var tenant = new Tenant(node, "tenant");
        var mounts = Enumerable.Range(0, Pairs).SelectMany(pair => Tenant.FileAt(node, "/proc/meminfo", $"/data/a{pair}/{name}"));
        for (var pair = 0; pair < Pairs; pair++)
            File.CreateSymbolicLink(Path.Combine(tenant.Volume, $"b{pair}"), behind);
        await tenant.StartAsync(mounts, "/attacks/exchange", $"{Pairs}", "/data/a", "/data/b");
        await tenant.SaysAsync("exchanging");
        var before = tenant.OtherMounts;

        for (var round = 0; round < 4; round++)
            await EndLxcfsAndAgentAsync(agent, apps);

        Assert.Equal(before, tenant.OtherMounts);
        Assert.False(tenant.HasEscaped, tenant.Log);
    }

    /// <summary>What the agent opened at such a path would be its own: /dev/zero has no end, and other devices act when they are opened.</summary>
    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/proc/kmsg")]
    public async Task A_link_to_a_file_of_the_agent_s_own_is_never_followed(string file)
    {
        await using var node = await Node.StartAsync();
        var agent = new AgentContainer(node, "agent") { Memory = 128 };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        var apps = await Apps.StartAsync(node, 2);
        var tenant = new Tenant(node, "tenant");
        var mounts = Enumerable.Range(0, Pairs).SelectMany(pair => Tenant.FileAt(node, "/proc/meminfo", $"/data/jail/a{pair}/meminfo"));
        for (var pair = 0; pair < Pairs; pair++)
        {
            var decoy = Directory.CreateDirectory(Path.Combine(tenant.Volume, "jail", $"b{pair}")).FullName;
            File.CreateSymbolicLink(Path.Combine(decoy, "meminfo"), file);
        }

        await tenant.StartAsync(mounts, "/attacks/exchange", $"{Pairs}", "/a", "/b", "/data/jail");
        await tenant.SaysAsync("exchanging");
        var (first, decides) = (agent.Pid, agent.Agent);

        for (var round = 0; round < 4; round++)
        {
            await EndLxcfsAsync(agent, apps);
            Assert.InRange(Processes.Kilobytes(agent.Agent, "VmHWM"), 0, 64 << 10);
        }

        Assert.True(agent.IsRunning, agent.Log);
        Assert.Equal((first, decides), (agent.Pid, agent.Agent));
    }

    private static async Task EndLxcfsAndAgentAsync(AgentContainer agent, Apps apps)
    {
        await EndLxcfsAsync(agent, apps);
        // A new agent looks at everything for the first time, and takes LXCFS's place where it upgrades.
        var next = await AgentContainer.ReadyAsync(agent.Node, $"agent-{Guid.NewGuid():n}");
        await next.StopAsync();
        await apps.ServedAsync();
    }

    private static async Task EndLxcfsAsync(AgentContainer agent, Apps apps)
    {
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
    }
}
