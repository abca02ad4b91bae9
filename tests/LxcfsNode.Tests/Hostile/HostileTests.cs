using System.Collections.Concurrent;
using LxcfsNode.Tests.Hostile.Hour;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>A hostile hour, in short: HOSTILE_MINUTES says how short. The report is in artifacts/hostile.</summary>
public sealed class HostileTests
{
    private const int HonestContainers = 20, TenantsAtOnce = 3;

    /// <summary>More than ever live at once, and few enough to come around within seconds.</summary>
    private const int HighestProcess = 6000;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(2);

    /// <summary>What is under way when the hour is over is finished.</summary>
    private static readonly TimeSpan LongestDeed = TimeSpan.FromMinutes(10);

    [Fact]
    [Trait("Beside", "Nothing")]
    public async Task Whatever_tenants_do_the_node_is_as_it_was_and_honest_containers_see_what_is_theirs()
    {
        var options = HostileOptions.FromEnvironment();
        Measured.Print($"a hostile hour of {options.Length.TotalMinutes:0.#} minutes with HOSTILE_SEED={options.Seed}");
        await using var node = await Node.StartAsync();
        // Since Linux 6.14 a pid namespace has a highest number of its own; before, it is the machine's.
        if (Environment.OSVersion.Version >= new Version(6, 14))
            await node.RunAsync("sh", "-c", $"echo {HighestProcess} >/proc/sys/kernel/pid_max");

        var report = await LiveAsync(node, options);

        report.Write(Path.Combine(Artifacts.Folder, "..", "hostile"));
        Measured.Print($"{report}");
        Assert.Empty(report.Faults);
        Assert.Empty(report.Escapes);
        Assert.Empty(report.Changed);
        Assert.Equal(0ul, report.Wrong);
        Assert.InRange(report.LongestBroken, TimeSpan.Zero, report.MostBroken);
        Assert.InRange(report.MostKilobytes, 1, 64 << 10);
        Assert.False(report.After.HasGrownSince(report.Before), $"{report.Before} has become {report.After}");
        Assert.True(report.Reads > 0 && report.Deeds.Count > TenantsAtOnce);
    }

    private static async Task<HostileReport> LiveAsync(Node node, HostileOptions options)
    {
        var ours = new NodeDeeds(node, await AgentContainer.WatchfulAsync(node));
        var honest = await Apps.StartAsync(node, HonestContainers, "honest");
        await honest.ServedAsync();
        var tenants = new TenantDeeds(node, () => ours.Agent);
        var memory = new MemoryWatch(() => ours.Agent);
        await ours.Agent.SettlesAsync();
        var (before, canaries, others) = (await Footprint.OfAsync(ours.Agent), Canaries.Of(node), Others(honest));

        using var late = Lateness.Watch(HostileReport.Longest);
        using var end = new CancellationTokenSource(options.Length);
        ConcurrentDictionary<string, int> done = [];
        List<string> faults = [];
        var lanes = Enumerable.Range(1, TenantsAtOnce).Select(lane => new Lane(options.Seed + lane, tenants.Table, TimeSpan.FromSeconds(1), done))
            .Append(new(options.Seed, ours.Table, TimeSpan.FromSeconds(4), done)).ToList();
        await Task.WhenAll([.. lanes.Select(lane => RunAsync(lane.RunAsync)), memory.RunAsync(end.Token)]).WithinAsync(
            () => $"the hour is over, and under way are still: {string.Join(", ", lanes.Select(lane => lane.Doing))}\n{ours.Agent.Log}", options.Length + LongestDeed);
        await RunAsync(async _ =>
        {
            await ours.Agent.SettlesAsync();
            // The kernel may be busy for long with the mounts of tenants that have ended. How long any view was broken is judged below.
            await honest.ServedAsync(LongestEnd);
        });

        return new(options)
        {
            Deeds = done,
            Honest = honest,
            Escapes = [.. tenants.Escapes],
            Changed = [.. Canaries.Of(node).ChangedSince(canaries), .. Others(honest).Except(others), .. others.Except(Others(honest))],
            Before = before,
            After = await Footprint.SettledAsync(ours.Agent, before),
            MostKilobytes = memory.Most,
            MostKilobytesOfOne = memory.MostOfOne,
            Refused = tenants.Refused,
            Late = late.Worst,
            Faults = faults,
        };

        // What fails ends the hour, and is told with all that was seen until then.
        async Task RunAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(end.Token);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                lock (faults)
                    faults.Add($"{fault.Message}\n{ours.Agent.Log}");
                await end.CancelAsync();
            }
        }
    }

    /// <summary>All that honest containers have mounted and that is not LXCFS.</summary>
    private static List<string> Others(Apps honest) => [.. honest.All.SelectMany(
        app => Mount.Table(app.Pid).Where(mount => !mount.Contains("fuse.lxcfs", StringComparison.Ordinal)).Select(mount => $"{app.Id}: {mount}"))];
}
