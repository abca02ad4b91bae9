using LxcfsAgent.Apply;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>What a tenant can make long is looked at up to a bound, and that it was met is told.</summary>
public sealed class BoundTests : IDisposable
{
    private readonly AgentMetrics _metrics = new();
    private readonly RecordingLogger _logger = new();
    private readonly WorkerPool _pool = new(_ => { }, StandIn.Limits, StandIn.Program("one"));

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(64, true)]
    [InlineData(4 << 20, false)]
    public void A_table_of_mounts_that_is_longer_than_4_MiB_is_not_read_to_its_end(int longest, bool isTooLong)
    {
        Assert.Equal(4 << 20, ProcFolder.DefaultLongestTable);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this process can enter no mount namespace");

        var summary = Scan(Environment.ProcessId, longest);

        Assert.Equal(isTooLong, summary.TooLong.Contains(new FileInfo("/proc/self/ns/mnt").LinkTarget!));
    }

    /// <summary>The clock goes on by a second each time that it is looked at: there is time to find five processes, and to look at as many.</summary>
    [Fact]
    public void A_scan_is_broken_off_after_ten_seconds_and_the_next_one_begins_there()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), NodeScan.Longest);
        var first = Processes.All().First(pid => pid > 1);

        var brokenOff = Scan(first, ProcFolder.DefaultLongestTable);
        Assert.False(brokenOff.Complete);
        Assert.True(brokenOff.BrokenOffAt > first);

        var next = Scan(brokenOff.BrokenOffAt, ProcFolder.DefaultLongestTable);
        Assert.NotEqual(brokenOff.BrokenOffAt, next.BrokenOffAt);
        Assert.True(next.BrokenOffAt > brokenOff.BrokenOffAt || next.BrokenOffAt <= first);
    }

    [Theory]
    [InlineData(0, "1 2 5 9")]
    [InlineData(2, "1 2 5 9")]
    [InlineData(5, "1 5 9 2")]
    [InlineData(6, "1 9 2 5")]
    [InlineData(99, "1 2 5 9")]
    public void A_scan_begins_with_the_first_process_and_where_the_one_before_was_broken_off(int from, string order) =>
        Assert.Equal(order, string.Join(' ', NodeScan.Order([1, 2, 5, 9], from)));

    [Fact]
    public void A_look_goes_on_where_the_one_before_was_broken_off()
    {
        var look = new ContainerLook(_pool, "/var/lib/lxc", new(), _metrics, _logger);

        // The stand-in is broken off eleven further on each time.
        Assert.Equal([11, 22, 33], ((int[])[1, 2, 3]).Select(_ => look.Take(new(), details: false)!.Summary.BrokenOffAt));
    }

    [Fact]
    public void Each_bound_that_is_met_is_counted_each_time_and_said_once()
    {
        var look = new ContainerLook(_pool, "/var/lib/lxc", new(), _metrics, _logger);
        for (var times = 0; times < 3; times++)
            look.Take(new(), details: false);

        Assert.Equal((3, 3), (_metrics.BoundsHit.Value, _metrics.IncompleteScans.Value));
        Assert.Equal(
            "A look at the containers met its bounds: there was no time for every process",
            Assert.Single(_logger.Lines, line => line.Contains("bounds", StringComparison.Ordinal)));
    }

    /// <summary>Looks at the processes from one on.</summary>
    private static ScanSummary Scan(int from, int longestTable) => ScanRun.Of(new(null, [], "/var/lib/lxc", Details: false, from), new HastyClock(), longestTable);

    private sealed class HastyClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
