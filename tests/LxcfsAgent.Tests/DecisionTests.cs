using LxcfsAgent.Apply;
using LxcfsAgent.Lxcfs;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests;

public sealed class DecisionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(268435456L, 262144, "processor: 0", "12.34 5.00", null)]
    [InlineData(null, 1000000, "processor: 0", "12.34 5.00", null)]
    [InlineData(9000000000000L, 1000000, "processor: 0", "12.34 5.00", null)]
    [InlineData(268435456L, 1000000, "processor: 0", "12.34 5.00", "control group")]
    [InlineData(268435456L, 262144, "", "12.34 5.00", "no processor")]
    [InlineData(268435456L, 262144, "processor: 0", "-180000000000000000.00 0.00", "uptime")]
    [InlineData(268435456L, 262144, "processor: 0", "180000000000000000.00 0.00", "uptime")]
    public void A_mount_is_right_only_with_the_values_of_this_process(long? limit, long total, string cpuinfo, string uptime, string? error)
    {
        var found = AnswerVerifier.ErrorOf(limit, 1000000, $"MemTotal:       {total} kB\nMemFree: 1 kB\n", cpuinfo, uptime);

        if (error is null)
            Assert.Null(found);
        else
            Assert.Contains(error, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mount_without_a_total_is_not_right() => Assert.NotNull(AnswerVerifier.ErrorOf(null, 1000, "", "processor", "1.0"));

    [Fact]
    public void After_serving_lxcfs_is_started_at_once_and_ever_later_when_it_never_comes_to_serve()
    {
        var backoff = new RestartBackoff();
        var served = TimeSpan.FromSeconds(5);

        Assert.All(Enumerable.Repeat(served, 20), lived => Assert.Equal(TimeSpan.Zero, backoff.After(lived)));
        var pauses = Enumerable.Range(0, 12).Select(_ => backoff.After(TimeSpan.Zero)).ToList();
        Assert.Equal(pauses.Order(), pauses);
        Assert.True(pauses[1] > TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(5), pauses[^1]);
        Assert.Equal(TimeSpan.Zero, backoff.After(served));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void One_early_end_may_be_chance_a_second_is_not(int milliseconds)
    {
        var backoff = new RestartBackoff();

        Assert.Equal(TimeSpan.Zero, backoff.After(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(backoff.After(TimeSpan.FromMilliseconds(milliseconds)) > TimeSpan.Zero);
    }

    [Fact]
    public void Stale_mount_points_are_removed_and_nothing_else()
    {
        foreach (var file in LxcfsFile.All)
            Directory.CreateDirectory(_root + file.Path);
        Directory.Delete(_root + "/proc/stat");
        File.WriteAllText(_root + "/proc/stat", "");
        Directory.CreateDirectory(_root + "/proc/uptime/kept");
        File.WriteAllText(_root + "/sys/devices/kept", "mine");

        var removed = StaleMountPoints.Remove(_root);

        Assert.Equal(
            [_root + "/proc", _root + "/proc/uptime", _root + "/proc/uptime/kept", _root + "/sys", _root + "/sys/devices", _root + "/sys/devices/kept"],
            Directory.EnumerateFileSystemEntries(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.Contains(_root + "/proc/stat", removed);
        Assert.Contains(_root + "/sys/devices/system", removed);
        Assert.Empty(StaleMountPoints.Remove(_root));
    }

    [Fact]
    public void A_file_with_something_in_it_is_no_stale_mount_point()
    {
        Directory.CreateDirectory(_root + "/proc");
        File.WriteAllText(_root + "/proc/meminfo", "MemTotal: 1 kB");

        Assert.Empty(StaleMountPoints.Remove(_root));
    }
}
