using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>A system call fails at any step of the agent's work: LXCFS serves on, the failure is counted, and is over when its cause is.</summary>
public sealed class FaultTests
{
    /// <summary>Where a failure is counted at the latest.</summary>
    public enum Counted
    {
        /// <summary>Where only a container is to be repaired.</summary>
        Repair,

        /// <summary>Where LXCFS is to be replaced, too.</summary>
        Replacement,

        /// <summary>There is another way, a worker that lives makes no such call, or it is waited for longer than this lasts.</summary>
        Never,
    }

    /// <summary>Of each step: what begins a repair, what enters, what identifies, what attaches, what detaches, what is below all of them.</summary>
    public static TheoryData<string, string, Counted> Faults => new()
    {
        { "open_tree", "EPERM", Counted.Repair },
        { "setns", "EPERM", Counted.Repair },
        { "unshare", "ENOMEM", Counted.Repair },
        { "mount_setattr", "EPERM", Counted.Never },
        { "move_mount", "EIO", Counted.Repair },
        { "umount2", "EBUSY", Counted.Repair },
        { "openat", "EMFILE", Counted.Repair },
        { "pipe2", "EMFILE", Counted.Never },
        { "clone3,clone,vfork,fork", "EAGAIN", Counted.Repair },
        { "execve", "ENOMEM", Counted.Replacement },
        { "flock", "ENOLCK", Counted.Never },
        { "rename,renameat,renameat2", "EROFS", Counted.Replacement },
        { "mkdir,mkdirat", "EROFS", Counted.Replacement },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task LXCFS_serves_on_and_all_is_well_afterwards(string call, string error, Counted counted)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        var first = agent.Pid;

        var repair = await RepairsAsync(agent, apps, call, error);
        var replacement = await ReplacesAsync(agent, apps, call, error);

        Measured.Print(string.Create(CultureInfo.InvariantCulture, $"{call} {error}: {repair} counted in a repair, {replacement} in a replacement"));
        Assert.True(counted switch { Counted.Repair => repair > 0, Counted.Replacement => repair + replacement > 0, _ => true }, $"nothing was counted: {agent.Log}");
        await IsQuietAsync(agent);
        Assert.Equal(first, agent.Pid);
    }

    [Fact]
    public async Task Without_a_descriptor_to_open_anything_with_it_serves_on_and_says_that_its_look_is_not_complete()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        var (decides, lxcfs, before) = (agent.Agent, Assert.Single(agent.Lxcfs), await FailuresAsync(agent));
        var limited = new[] { decides }.Concat(agent.Workers).ToArray();
        foreach (var pid in limited)
            await Command.RunAsync("prlimit", "--pid", $"{pid}", "--nofile=3:");
        var (sibling, container) = await OfAnotherAsync(node);
        await EndAsync(node, sibling);

        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.Equal((decides, lxcfs), (agent.Agent, Assert.Single(agent.Lxcfs)));
        apps.AssertFlawless();
        foreach (var pid in limited.Where(pid => Processes.Status(pid, "State") is not null))
            await Command.RunAsync("prlimit", "--pid", $"{pid}", "--nofile=1024:");

        await Eventually.TrueAsync(() => IsServed(container), () => string.Join('\n', [.. container.LxcfsMounts, agent.Log]));
        Assert.True(await FailuresAsync(agent) > before, agent.Log);
        apps.AssertFlawless();
    }

    /// <summary>A container of another project's LXCFS, which ends, has to be moved to ours meanwhile.</summary>
    /// <returns>How many failures were counted.</returns>
    private static async Task<double> RepairsAsync(AgentContainer agent, Apps apps, string call, string error)
    {
        var (node, lxcfs) = (agent.Node, Assert.Single(agent.Lxcfs));
        var (sibling, container) = await OfAnotherAsync(node);
        var before = await FailuresAsync(agent);
        await using (await Tracer.FailingAsync([agent.Agent, .. agent.Workers], call, error))
        {
            await EndAsync(node, sibling);
            await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
            Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
            apps.AssertFlawless();
        }

        await Eventually.TrueAsync(() => IsServed(container), () => string.Join('\n', [.. container.LxcfsMounts, agent.Log]));
        await agent.BecomesReadyAsync();
        var counted = await FailuresAsync(agent) - before;
        Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
        apps.AssertFlawless();
        return counted;
    }

    /// <summary>The next LXCFS can't be started or mounted, or containers can't be moved to it, as long as that goes on; they see the node meanwhile.</summary>
    /// <returns>How many failures were counted.</returns>
    private static async Task<double> ReplacesAsync(AgentContainer agent, Apps apps, string call, string error)
    {
        await agent.SettlesAsync();
        var before = await FailuresAsync(agent);
        await using (await Tracer.FailingAsync([agent.Agent, .. agent.Workers], call, error))
        {
            agent.KillLxcfs();
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            Assert.True(agent.IsRunning, agent.Log);
        }

        await apps.ServedAsync();
        await agent.BecomesReadyAsync();
        return await FailuresAsync(agent) - before;
    }

    private static async Task<(SiblingLxcfs Sibling, Tenant Container)> OfAnotherAsync(Node node)
    {
        var sibling = await SiblingLxcfs.StartAsync(node, name: "lxd");
        var container = await new Tenant(node, "container").StartAsync(
            ServedFiles.From($"{node.Parent}/lxd", "rbind:rprivate:ro"), "/bin/sleep", "100000");
        return (sibling, container);
    }

    private static async Task EndAsync(Node node, SiblingLxcfs sibling)
    {
        await sibling.KillAsync();
        await node.RunAsync("umount", "--lazy", $"{node.Parent}/lxd");
    }

    private static bool IsServed(Container container) => Apps.WhyUnserved(container) is null;

    /// <summary>All that an operator is alerted of.</summary>
    private static async Task<double> FailuresAsync(AgentContainer agent)
    {
        var metrics = await agent.MetricsAsync();
        return metrics["lxcfs_agent_errors_total"] + metrics["lxcfs_agent_repair_faults_total"] + metrics["lxcfs_agent_incomplete_scans_total"]
            + metrics["lxcfs_agent_workers_killed_total"];
    }

    /// <summary>Nothing is counted any more once the cause is gone.</summary>
    private static Task IsQuietAsync(AgentContainer agent) => Eventually.TrueAsync(
        async () =>
        {
            var before = await FailuresAsync(agent);
            await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
            return await FailuresAsync(agent) == before;
        },
        () => $"it goes on failing: {agent.Log}");
}
