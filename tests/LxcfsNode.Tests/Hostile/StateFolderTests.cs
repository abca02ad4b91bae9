using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>What lies in the agents' folder is input: others write there, disks get full, and power is lost in the middle of a write.</summary>
public sealed class StateFolderTests
{
    /// <summary>What is done to the folder, and whether an agent that starts has to say that it could not read something.</summary>
    public static TheoryData<string, string, bool> Oddities => new()
    {
        { "a folder of fsck's among the mounts", "mkdir mounts/lost+found", false },
        { "a folder of fsck's beside them", "mkdir lost+found", false },
        { "a file of NFS's among the leases", "touch leases/.nfs0001", false },
        { "a folder among the instances", "mkdir instances/.snapshot", false },
        { "a lock that is a folder", "rm -f lock && mkdir lock", true },
        { "no lock", "rm -f lock", false },
        { "an owner that is no number", "echo garbage >owner", true },
        { "an owner that is a folder", "rm owner && mkdir owner", true },
        { "an empty generation", ": >generation", true },
        { "starts that overflow", "echo 99999999999999999999 >starts", true },
        { "what was withdrawn is a null", "echo '[null]' >withdrawn.json", true },
        { "what was withdrawn has no files", """echo '[{"MountNamespace":"mnt:[1]","Pid":1,"Started":1}]' >withdrawn.json""", true },
        { "what was withdrawn is half a file", """printf '[{"Mount' >withdrawn.json""", true },
        { "what was withdrawn is somebody else's", """echo '[{"MountNamespace":null,"Pid":-1,"Started":0,"Files":[{"Path":"/../../etc/passwd","Target":"/proc/sys"}]}]' >withdrawn.json""", false },
        { "what was withdrawn is a folder", "mkdir withdrawn.json", true },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task What_lies_there_ends_no_LXCFS_that_serves_and_keeps_no_agent_from_serving(string oddity, string change, bool unreadable)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        var (decides, lxcfs) = (agent.Agent, Assert.Single(agent.Lxcfs));

        await node.RunAsync("sh", "-c", $"cd {node.Parent}/.lxcfs-agent && {change}");
        var scans = await ScansAsync(agent);
        await Eventually.TrueAsync(async () => await ScansAsync(agent) > scans + 2, () => $"with {oddity} it looks no more: {agent.Log}");
        Assert.Equal((decides, lxcfs), (agent.Agent, Assert.Single(agent.Lxcfs)));
        apps.AssertFlawless();

        // LXCFS dies, the agent dies, a new agent takes over: all of them read the folder.
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
        await agent.KillAgentAsync();
        await agent.BecomesReadyAsync();
        var next = await AgentContainer.WatchfulAsync(node, "next");
        await agent.StopAsync();
        await apps.ServedAsync();
        Assert.All(apps.All, app => Assert.Equal(0ul, app.Report.Wrong));

        var put = Directory.EnumerateFileSystemEntries(Path.Combine(node.Parent, ".lxcfs-agent"), "*.bad").Select(Path.GetFileName).ToArray();
        if (unreadable)
            Assert.True(put.Length > 0 && put.Any(name => (agent.Log + next.Log).Contains(name!, StringComparison.Ordinal)), $"with {oddity} nothing was put aside: {next.Log}");
        await next.StopAsync();
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
    }

    /// <summary>The folder of an LXCFS that is gone, with something else mounted at it: it can't be removed.</summary>
    [Fact]
    public async Task A_mount_point_that_can_t_be_removed_is_told_counted_and_removed_once_it_can_be()
    {
        await using var node = await Node.StartAsync();
        var left = $"{node.Parent}/.lxcfs-agent/mounts/1-99";
        await node.RunAsync("mkdir", "-p", left);
        await node.RunAsync("mount", "-t", "tmpfs", "busy", left);
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);

        await Eventually.TrueAsync(() => agent.Log.Contains("mounts/1-99: Device or resource busy", StringComparison.Ordinal), () => $"nothing is said: {agent.Log}");
        Assert.True((await agent.MetricsAsync())["lxcfs_agent_errors_total"] > 0);
        await apps.ServedAsync();
        apps.AssertFlawless();

        await node.RunAsync("umount", left);
        await Eventually.TrueAsync(async () => (await node.TryAsync("test", "-e", left)).ExitCode != 0, () => $"it stays: {agent.Log}", TimeSpan.FromMinutes(2));
    }

    /// <summary>What is taken away has to be on record before it is: a full disk must not make that impossible.</summary>
    [Fact]
    public async Task A_full_disk_keeps_no_agent_from_leaving_containers_with_the_node_s_files_and_no_later_one_from_restoring_them()
    {
        await using var node = await Node.StartAsync();
        await node.RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "state", node.Parent);
        await node.RunAsync("mount", "--make-shared", node.Parent);
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        await FillAsync(node);

        // While it is full, LXCFS may die.
        var lxcfs = Assert.Single(agent.Lxcfs);
        await agent.SettlesAsync();
        Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
        await FillAsync(node);
        var failures = apps.All.Select(app => app.Report.Failures).ToArray();

        await agent.StopAsync();
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
        Assert.Equal(failures, apps.All.Select(app => app.Report.Failures));
        var withdrawn = JsonNode.Parse(await node.RunAsync("cat", $"{node.Parent}/.lxcfs-agent/withdrawn.json"))!.AsArray();
        Assert.Equal(apps.All.Count, withdrawn.Count);

        await node.RunAsync("rm", $"{node.Parent}/fill");
        await AgentContainer.WatchfulAsync(node, "next");
        await apps.ServedAsync();
    }

    /// <summary>As ext4 makes itself after an error of the disk: all at once, and for good.</summary>
    [Fact]
    public async Task A_disk_that_becomes_read_only_ends_neither_LXCFS_nor_the_agent()
    {
        await using var node = await Node.StartAsync();
        var disk = Path.Combine(node.Folder, "disk");
        await node.RunAsync("truncate", "--size=16M", disk);
        await node.RunAsync("mkfs.ext4", "-q", disk);
        await node.RunAsync("mount", "-o", "loop", disk, node.Parent);
        await node.RunAsync("mount", "--make-shared", node.Parent);
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        await agent.SettlesAsync();
        var (first, decides, lxcfs) = (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs));

        await node.RunAsync("mount", "-o", "remount,abort", node.Parent);
        Assert.NotEqual(0, (await node.TryAsync("touch", $"{node.Parent}/new")).ExitCode);
        var scans = await ScansAsync(agent);
        await Eventually.TrueAsync(async () => await ScansAsync(agent) > scans + 2, () => $"it looks no more: {agent.Log}");
        Assert.Equal((first, decides, lxcfs), (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs)));
        Assert.Equal(0, (await agent.HealthAsync("ready")).ExitCode);
        apps.AssertFlawless();

        // The next one has no place to be mounted at: the agent goes on, and says why.
        agent.KillLxcfs();
        await Eventually.TrueAsync(async () => (await agent.HealthAsync("ready")).Output.Contains("Read-only file system", StringComparison.Ordinal), () => $"it does not say why: {agent.Log}");
        Assert.Equal((first, decides), (agent.Pid, agent.Agent));
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        Assert.All(apps.All, app => Assert.True(app.IsRunning));
    }

    private static async Task<double> ScansAsync(AgentContainer agent) => (await agent.MetricsAsync())["lxcfs_agent_scan_seconds_count"];

    private static Task<CommandResult> FillAsync(Node node) => node.TryAsync("sh", "-c", $"cat /dev/zero >>{node.Parent}/fill");
}
