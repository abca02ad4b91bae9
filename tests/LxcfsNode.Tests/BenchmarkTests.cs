using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What the agent costs a node where nothing happens. Run by name only: LxcfsNode.Tests -explicit only.</summary>
public sealed partial class BenchmarkTests
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
        var script = Processes.Link(node.Pid, "ns/pid");
        await Eventually.TrueAsync(
            () => Processes.All.Count(pid => Processes.Link(pid, "ns/pid") == script && Processes.Status(pid, "Name") == "sleep") >= Namespaces * (ProcessesEach - 1),
            () => "the processes don't start");

        var (before, cpuBefore, elapsed) = (await agent.MetricsAsync(), Cpu(agent.Pid), Stopwatch.StartNew());
        await Task.Delay(Watched, TestContext.Current.CancellationToken);
        var (after, cpu, seconds) = (await agent.MetricsAsync(), Cpu(agent.Pid) - cpuBefore, elapsed.Elapsed.TotalSeconds);

        var scans = Metric(after, "lxcfs_agent_scan_seconds_count") - Metric(before, "lxcfs_agent_scan_seconds_count");
        var spent = Metric(after, "lxcfs_agent_scan_seconds_sum") - Metric(before, "lxcfs_agent_scan_seconds_sum");
        Measured.Print(string.Create(CultureInfo.InvariantCulture, $"""
            agent with {Namespaces * ProcessesEach} processes in {Namespaces} mount namespaces, over {seconds:0} s

            | scan | scans | CPU | resident | anonymous | threads |
            |---|---|---|---|---|---|
            | {spent / scans * 1000:0.0} ms | {scans:0} | {cpu.TotalSeconds / seconds * 100:0.000} % of a core | {Kilobytes(agent.Pid, "VmRSS")} MiB | {Kilobytes(agent.Pid, "RssAnon")} MiB | {Processes.Status(agent.Pid, "Threads")} |
            """));
        Assert.True(scans > 0);
    }

    /// <summary>As a container has them: the files of LXCFS, and some processes.</summary>
    private static string Script(Node node) =>
        string.Join('\n', LxcfsFile.All.Select(file => $"mount --bind {node.Root}{file.Path} {file.Path}"))
        + $"\nfor process in $(seq {ProcessesEach - 1}); do sleep 600 & done; wait";

    /// <summary>Of all its threads, in the scheduler's nanoseconds.</summary>
    private static TimeSpan Cpu(int pid) => TimeSpan.FromMicroseconds(
        Directory.GetDirectories($"/proc/{pid}/task").Sum(task => double.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)) / 1000);

    private static double Metric(string text, string name) =>
        double.Parse(Regex.Match(text, $@"^{name}(?:{{.*}})? ([^ \n]+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    private static string Kilobytes(int pid, string field) =>
        (double.Parse(Digits().Match(Processes.Status(pid, field)!).Value, CultureInfo.InvariantCulture) / 1024).ToString("0.0", CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
