using System.Diagnostics;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>File systems of tenants that say they are LXCFS, and do what they want once somebody looks.</summary>
public sealed class FuseTests
{
    private static readonly string[] Device = ["--device", "/dev/fuse"];
    private static readonly string[] Modes = ["answers", "endless", "slow", "read", "lookup", "silent"];

    [Fact]
    public async Task In_a_tenant_s_own_user_namespace_it_is_counted_and_never_touched()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        var tenants = await MountAsync(node, "user", Tenant.AllFiles(node));
        var before = tenants.ConvertAll(tenant => Mount.Table(tenant.Pid));

        await SurvivesAsync(agent, apps);

        Assert.Equal(before, tenants.ConvertAll(tenant => Mount.Table(tenant.Pid)));
        Assert.Equal(Modes.Length, (await agent.MetricsAsync())["lxcfs_agent_foreign_namespaces"]);
        // Nor is a new agent kept waiting by what the old one met.
        var next = await AgentContainer.WatchfulAsync(node, "next");
        await agent.StopAsync();
        await SurvivesAsync(next, apps);
        apps.AssertRepairedWithin(TimeSpan.FromSeconds(5));
    }

    /// <summary>Root of the node has it in a container, as LXD has; that it hangs is somebody else's fault, and harm to nobody else.</summary>
    [Fact]
    public async Task In_the_node_s_own_user_namespace_it_holds_nobody_up()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        var operators = await MountAsync(node, "root", ["--cap-add", "CAP_SYS_ADMIN"]);
        var before = operators.ConvertAll(container => Mount.Table(container.Pid));

        await SurvivesAsync(agent, apps);

        // It works, or it hangs: who is to tell? There is a whole mount of it, so it is another's.
        Assert.Equal(before, operators.ConvertAll(container => Mount.Table(container.Pid)));
        apps.AssertRepairedWithin(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_hung_LXCFS_of_another_project_holds_nobody_up()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        var sibling = await SiblingLxcfs.StartAsync(node, name: "lxd");
        var container = await new Tenant(node, "container").StartAsync(
            ["--mount", $"type=bind,src={node.Parent}/lxd/proc/uptime,dst=/proc/uptime,options=rbind:rprivate:ro"], "/bin/sleep", "100000");
        await Processes.StopAsync(sibling.Pid);
        var before = Mount.Table(container.Pid);

        await SurvivesAsync(agent, apps);

        Assert.Equal(before, Mount.Table(container.Pid));
        apps.AssertRepairedWithin(TimeSpan.FromSeconds(5));
        Libc.Signal(sibling.Pid, Libc.SigCont);
    }

    /// <summary>A container for each mode.</summary>
    private static async Task<List<Tenant>> MountAsync(Node node, string namespaces, string[] options)
    {
        List<Tenant> tenants = [];
        foreach (var mode in Modes)
        {
            var tenant = await new Tenant(node, mode).StartAsync(
                [.. Device, .. options], "/attacks/fuse", mode, namespaces, "/proc/meminfo", "/proc/uptime", "/proc/stat");
            tenants.Add(await tenant.SaysAsync("mounted"));
        }

        return tenants;
    }

    /// <summary>LXCFS dies twice; the agent does not, does not grow, and none of its threads is caught in the kernel.</summary>
    private static async Task SurvivesAsync(AgentContainer agent, Apps apps)
    {
        var (first, decides, began) = (agent.Pid, agent.Agent, Stopwatch.StartNew());
        for (var kill = 0; kill < 2; kill++)
        {
            await agent.SettlesAsync();
            agent.KillLxcfs();
            await agent.BecomesReadyAsync();
            await apps.ServedAsync();
        }

        Measured.Print($"LXCFS died twice beside it, and all was well {began.Elapsed.TotalSeconds:0.0} s later");
        Assert.Equal((first, decides), (agent.Pid, agent.Agent));
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        Assert.InRange(Processes.Kilobytes(agent.Agent, "VmHWM"), 0, 64 << 10);
        await Eventually.TrueAsync(
            () => !Processes.Tree(agent.Pid).SelectMany(Processes.Threads).Any(thread => Processes.Status(thread, "State") is ['D', ..]),
            () => $"a thread of {agent.Id} is caught in the kernel");
    }
}
