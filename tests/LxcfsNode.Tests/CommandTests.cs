using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What an operator runs in the agent's pod.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Status_shows_how_every_container_fares()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 2);

        var status = JsonNode.Parse(await agent.AgentAsync("status", "--json"))!;
        Assert.True((bool)status["serving"]!);
        var containers = status["containers"]!.AsArray();
        Assert.Equal(apps.All.Select(app => app.PidInNode).Order(), containers.Select(container => (int)container!["pid"]!).Order());
        Assert.All(containers, container => Assert.Equal("Healthy", (string?)container!["state"]));
        Assert.All(containers, container => Assert.Equal(ServedFiles.Count, container!["files"]!.AsArray().Count));
        Assert.All(containers, container => Assert.StartsWith("mnt:[", (string?)container!["mountNamespace"], StringComparison.Ordinal));

        var table = (await agent.AgentAsync("status")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("LXCFS answers at /var/lib/lxc/lxcfs", table[0]);
        Assert.Equal(["NAMESPACE", "PID", "STATE", "FILES", "CGROUP"], Cells(table[1]));
        Assert.Equal(
            apps.All.Select(app => $"{app.PidInNode} Healthy {ServedFiles.Count}/{ServedFiles.Count} /{node.Name}/{app.Id}").Order(StringComparer.Ordinal),
            table[2..].Select(row => string.Join(' ', Cells(row)[1..])).Order(StringComparer.Ordinal));

        // The agent can't repair while it is stopped, and its LXCFS is gone.
        var stopped = agent.Agent;
        await Processes.StopAsync(stopped);
        Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => agent.AgentAsync("status"));
        Assert.Contains("LXCFS does not answer at", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Stale", failed.Message, StringComparison.Ordinal);
        Libc.Signal(stopped, Libc.SigCont);
        await apps.ServedAsync();
    }

    [Fact]
    public async Task Repair_moves_what_is_stale_while_the_agent_itself_can_t()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        await agent.FreezeAsync();
        var sibling = await SiblingLxcfs.StartAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        await sibling.KillAsync();
        await node.RunAsync("umount", "--lazy", node.Root);

        var files = apps.All.Count * ServedFiles.Count;
        Assert.Equal($"Repaired {files} of {files} stale files in 4 containers.\n", await agent.AgentAsync("repair"));
        await apps.ServedAsync();
        Assert.Equal("Repaired 0 of 0 stale files in 4 containers.\n", await agent.AgentAsync("repair"));
        Libc.Signal(agent.Agent, Libc.SigCont);
    }

    [Fact]
    public async Task What_is_mounted_over_a_file_and_another_LXCFS_that_serves_are_told_and_left_alone()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var app = await AppContainer.StartAsync(node, AppKind.Busybox, "app");
        await app.ExecInMountsAsync("mount", "--bind", "/proc/version", "/proc/meminfo");
        await SiblingLxcfs.StartAsync(node, name: "lxd");
        node.Start("unshare", "--mount", "sh", "-c", $"mount --bind {node.Parent}/lxd/proc/uptime /proc/uptime && exec sleep 600").Dispose();
        await Eventually.TrueAsync(() => Processes.Running(node.Pid, "/usr/bin/sleep").Count == 1, () => "it does not start");
        var foreign = Processes.Running(node.Pid, "/usr/bin/sleep")[0];
        var (served, over) = (Last(foreign, "/proc/uptime"), Last(app.Pid, "/proc/meminfo"));
        await agent.SettlesAsync();

        var gone = Assert.Single(agent.Lxcfs);
        Libc.Signal(gone, Libc.SigKill);
        await agent.NextLxcfsAsync(gone);
        await agent.SettlesAsync();

        var states = JsonNode.Parse(await agent.AgentAsync("status", "--json"))!["containers"]!.AsArray().Select(container => (string?)container!["state"]);
        Assert.Equal(["Conflicting", "Foreign"], states.Order(StringComparer.Ordinal));
        Assert.Equal(served, Last(foreign, "/proc/uptime"));
        Assert.Equal(over, Last(app.Pid, "/proc/meminfo"));
    }

    private static Mount Last(int pid, string target) => Mount.Of(pid).Last(mount => mount.Target == target);

    private static string[] Cells(string row) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
