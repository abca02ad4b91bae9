using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>
/// What the agent changes in a container is identified before, not found by its path: an ordinary tenant, who controls paths and
/// roots, has the agent change nothing else.
/// </summary>
public sealed class EscapeTests
{
    private const int Pairs = 8;

    /// <summary>Read-only, a folder that is masked, a file that is, and a file of LXCFS: the jail's file is told at the path of each.</summary>
    private static readonly string[] Jails = ["/proc/sys", "/sys/firmware", "/proc/kcore", "/proc/meminfo"];

    [Fact]
    public async Task A_first_process_that_changes_its_root_has_nothing_of_its_container_changed()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        List<Tenant> tenants = [];
        foreach (var (index, target) in Jails.Index())
        {
            var tenant = await new Tenant(node, $"tenant-{index}").StartAsync(
                Tenant.FileAt(node, "/proc/meminfo", $"/data/jail{target}"), "/attacks/chroot-jail", "/data/jail");
            tenants.Add(await tenant.SaysAsync("jailed"));
        }

        await NothingChangesAsync(agent, apps, tenants, rounds: 1);
    }

    [Fact]
    public async Task A_folder_exchanged_for_a_link_between_look_and_work_leads_nowhere()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        List<Tenant> tenants = [];
        foreach (var name in (string[])["sys", "kcore", "meminfo"])
        {
            var tenant = new Tenant(node, $"tenant-{name}");
            for (var pair = 0; pair < Pairs; pair++)
                File.CreateSymbolicLink(Path.Combine(tenant.Volume, $"b{pair}"), "/proc");
            await tenant.StartAsync(
                Enumerable.Range(0, Pairs).SelectMany(pair => Tenant.FileAt(node, "/proc/meminfo", $"/data/a{pair}/{name}")),
                "/attacks/exchange", $"{Pairs}", "/data/a", "/data/b");
            tenants.Add(await tenant.SaysAsync("exchanging"));
        }

        await NothingChangesAsync(agent, apps, tenants, rounds: 4);
    }

    /// <summary>What the agent opened at such a path would be its own: /dev/zero has no end, and other devices act when they are opened.</summary>
    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/proc/kmsg")]
    public async Task A_link_to_a_file_of_the_agent_s_own_is_never_followed(string file)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
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

    private static async Task NothingChangesAsync(AgentContainer agent, Apps apps, List<Tenant> tenants, int rounds)
    {
        var before = tenants.ConvertAll(tenant => tenant.OtherMounts);
        for (var round = 0; round < rounds; round++)
        {
            await EndLxcfsAsync(agent, apps);
            // A new agent looks at everything for the first time, and has to move everything.
            var next = await AgentContainer.WatchfulAsync(agent.Node, $"agent-{round}");
            await agent.StopAsync();
            await apps.ServedAsync();
            agent = next;
        }

        Assert.All(tenants, tenant => Assert.False(tenant.HasEscaped, $"{tenant.Id}: {tenant.Log}"));
        Assert.Equal(before, tenants.ConvertAll(tenant => tenant.OtherMounts));
    }

    private static async Task EndLxcfsAsync(AgentContainer agent, Apps apps)
    {
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
    }
}
