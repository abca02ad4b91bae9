using System.Diagnostics;
using System.Globalization;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>A node with many more containers than a kubelet's 110 pods have.</summary>
[Trait("Beside", "Nothing")]
public sealed class ScaleTests
{
    private const int Containers = 1000, ProcessesEach = 5;
    private const string Repaired = "lxcfs_agent_repaired_files_total";
    private const int Watched = 2;

    /// <summary>Between two of them the workers use a millisecond a second; the kernel counts by ten.</summary>
    private static readonly TimeSpan LeastOfLook = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task A_thousand_containers_are_all_served_and_all_repaired()
    {
        await using var node = await Node.StartAsync();
        var agent = new AgentContainer(node, "agent") { Memory = 128, Options = await OpenFiles.AsOfSystemdAsync(node) };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        await using var namespaces = await Namespaces.StartAsync(node, Containers, ProcessesEach);
        var files = Containers * LxcfsFile.All.Length;
        Assert.Equal((files, 0), await namespaces.ReadAsync());
        await SeesAllAsync(agent);
        var decides = agent.Agent;
        var before = await agent.MetricsAsync();

        await agent.SettlesAsync();
        var killed = Stopwatch.StartNew();
        agent.KillLxcfs();
        // By what the agent says, and then by the containers: while they all read, as fast as they can, nobody else gets much of a processor.
        await Eventually.TrueAsync(async () => Grown(Repaired, before, await agent.MetricsAsync()) >= files, () => $"not all are repaired: {agent.Log}", TimeSpan.FromMinutes(1));
        var (repaired, reading) = (killed.Elapsed, Stopwatch.StartNew());
        Assert.Equal((files, 0), await namespaces.ReadAsync());
        var read = reading.Elapsed;
        await agent.BecomesReadyAsync();
        await SeesAllAsync(agent);

        var after = await agent.MetricsAsync();
        Assert.Equal(files, Grown(Repaired, before, after));
        Assert.Equal(0, after["lxcfs_agent_repair_faults_total"]);
        Print($"LXCFS killed, to the last of {Containers} containers seen repaired: {repaired.TotalMilliseconds:0} ms, of it repairing {Of(before, after, "repair").Seconds * 1000:0} ms; then all read all {files} files in {read.TotalMilliseconds:0} ms");

        // An agent that has just taken a node over looks more often for half a minute.
        await Task.Delay(TimeSpan.FromSeconds(35), TestContext.Current.CancellationToken);
        int[] own = [agent.Pid, agent.Agent], workers = [.. agent.Workers];
        // From the end of one look to that of another, so that what lies between is in it as often as they are.
        await LookEndsAsync(workers);
        var then = await agent.MetricsAsync();
        var (ownBefore, workersBefore, watched) = (Cpu(own), Cpu(workers), Stopwatch.StartNew());
        for (var look = 0; look < Watched; look++)
            await LookEndsAsync(workers);
        var (byOwn, byWorkers) = ((Cpu(own) - ownBefore) / watched.Elapsed * 100, (Cpu(workers) - workersBefore) / watched.Elapsed * 100);
        var seconds = watched.Elapsed.TotalSeconds;
        var scans = Of(then, await agent.MetricsAsync(), "scan");
        Assert.Equal(Watched, scans.Count);
        Print($"idle: {byOwn + byWorkers:0.000} % of a core, {byWorkers:0.000} of it workers, with a scan in {seconds / Watched:0} s; a scan of {Containers * ProcessesEach} processes in {Containers} namespaces: {scans.Seconds / Watched * 1000:0} ms");
        Print($"the agent's memory: anonymous {Mebibytes(decides, "RssAnon"):0.0} MiB, resident {Mebibytes(decides, "VmRSS"):0.0} MiB");
        Assert.Equal(decides, agent.Agent);
        Assert.InRange(Mebibytes(decides, "RssAnon"), 0, 32);
        Assert.InRange(Processes.Descriptors(decides), 0, 256);
    }

    /// <summary>Waits for the next look, told by the time that workers use: to ask the agent would cost it more than what it does meanwhile.</summary>
    private static async Task LookEndsAsync(int[] workers)
    {
        var waited = Stopwatch.StartNew();
        for (var before = Cpu(workers); Cpu(workers) is var now && now - before < LeastOfLook; before = now)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "it looks no more");
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        // It may have been in the midst of it.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    private static Task SeesAllAsync(AgentContainer agent) => Eventually.TrueAsync(
        async () => (await agent.MetricsAsync())["lxcfs_agent_containers"] == Containers, () => $"it does not see all: {agent.Log}");

    private static (double Count, double Seconds) Of(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, string what) =>
        (Grown($"lxcfs_agent_{what}_seconds_count", before, after), Grown($"lxcfs_agent_{what}_seconds_sum", before, after));

    private static double Grown(string name, IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) => after[name] - before[name];

    private static TimeSpan Cpu(int[] processes) => processes.Where(pid => Processes.Status(pid, "State") is not null)
        .Aggregate(TimeSpan.Zero, (sum, pid) => sum + Processes.Cpu(pid));

    private static double Mebibytes(int pid, string field) => Processes.Kilobytes(pid, field) / 1024.0;

    private static void Print(FormattableString text) => Measured.Print(text.ToString(CultureInfo.InvariantCulture));
}
