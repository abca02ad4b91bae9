using System.Diagnostics;
using System.Globalization;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What the agent costs a node where nothing happens. Run by name only: LxcfsNode.Tests -explicit only.</summary>
public sealed class BenchmarkTests
{
    private const int Namespaces = 50, ProcessesEach = 10;
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(1);

    [Fact(Explicit = true)]
    public async Task The_cost_of_500_processes_in_50_mount_namespaces()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        for (var index = 0; index < Namespaces; index++)
            node.Start("unshare", "--mount", "sh", "-c", Script(node)).Dispose();
        var started = Namespaces * (ProcessesEach - 1);
        await Eventually.TrueAsync(() => Processes.Running(node.Pid, "/usr/bin/sleep").Count >= started, () => "the processes don't start");

        // After it took a node over, an agent looks more often for half a minute.
        await Task.Delay(TimeSpan.FromSeconds(35), TestContext.Current.CancellationToken);
        var (before, cpuBefore, elapsed) = (await agent.MetricsAsync(), Processes.Cpu(agent.Agent), Stopwatch.StartNew());
        await Task.Delay(Watched, TestContext.Current.CancellationToken);
        var (after, cpu, seconds) = (await agent.MetricsAsync(), Processes.Cpu(agent.Agent) - cpuBefore, elapsed.Elapsed.TotalSeconds);

        var scans = after["lxcfs_agent_scan_seconds_count"] - before["lxcfs_agent_scan_seconds_count"];
        var spent = after["lxcfs_agent_scan_seconds_sum"] - before["lxcfs_agent_scan_seconds_sum"];
        var (resident, anonymous) = (Processes.Kilobytes(agent.Agent, "VmRSS") / 1024.0, Processes.Kilobytes(agent.Agent, "RssAnon") / 1024.0);
        var threads = Processes.Status(agent.Agent, "Threads");
        Measured.Print(string.Create(CultureInfo.InvariantCulture, $"""
            agent with {Namespaces * ProcessesEach} processes in {Namespaces} mount namespaces, over {seconds:0} s

            | scan | scans | CPU | resident | anonymous | threads |
            |---|---|---|---|---|---|
            | {spent / scans * 1000:0.0} ms | {scans:0} | {cpu.TotalSeconds / seconds * 100:0.000} % of a core | {resident:0.0} MiB | {anonymous:0.0} MiB | {threads} |
            """));
        Assert.True(scans > 0);
    }

    /// <summary>As a container has them: the files of LXCFS, and some processes.</summary>
    private static string Script(Node node) =>
        string.Join('\n', LxcfsFile.All.Select(file => $"mount --bind {node.Root}{file.Path} {file.Path}"))
        + $"\nfor process in $(seq {ProcessesEach - 1}); do sleep 600 & done; wait";
}
