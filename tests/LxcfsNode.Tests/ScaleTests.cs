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

    /// <summary>Somewhat less than two looks take: to ask the agent sooner would cost it more than what it does meanwhile.</summary>
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(55);

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
        var then = await LooksAsync(agent, await agent.MetricsAsync(), 1);
        var (ownBefore, workersBefore, watched) = (Cpu(own), Cpu(workers), Stopwatch.StartNew());
        await Task.Delay(Unasked, TestContext.Current.CancellationToken);
        var scans = Of(then, await LooksAsync(agent, then, Watched), "scan");
        var (byOwn, byWorkers) = ((Cpu(own) - ownBefore) / watched.Elapsed * 100, (Cpu(workers) - workersBefore) / watched.Elapsed * 100);
        Print($"idle: {byOwn + byWorkers:0.000} % of a core, {byWorkers:0.000} of it workers, with a scan in {watched.Elapsed.TotalSeconds / scans.Count:0} s; a scan of {Containers * ProcessesEach} processes in {Containers} namespaces: {scans.Seconds / scans.Count * 1000:0} ms");
        Print($"the agent's memory: anonymous {Mebibytes(decides, "RssAnon"):0.0} MiB, resident {Mebibytes(decides, "VmRSS"):0.0} MiB");
        Assert.Equal(decides, agent.Agent);
        Assert.InRange(Mebibytes(decides, "RssAnon"), 0, 32);
        Assert.InRange(Processes.Descriptors(decides), 0, 256);
    }

    /// <summary>Asks seldom, since to answer costs the agent, too.</summary>
    /// <returns>The metrics once there were so many more looks.</returns>
    private static async Task<IReadOnlyDictionary<string, double>> LooksAsync(AgentContainer agent, IReadOnlyDictionary<string, double> before, int more)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var after = await agent.MetricsAsync();
            if (Of(before, after, "scan").Count >= more)
                return after;
            Assert.True(waited.Elapsed < more * TimeSpan.FromMinutes(1), $"it looks no more: {agent.Log}");
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        }
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
