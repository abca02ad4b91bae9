using System.Globalization;
using LxcfsNode.Tests.Hostile.Hour;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>That the node in miniature shows what it is asked to judge.</summary>
public sealed class RigTests
{
    [Fact]
    public async Task Readers_see_right_values_from_a_plain_LXCFS_and_failures_when_it_is_killed()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await SiblingLxcfs.StartAsync(node);
        var apps = new List<AppContainer>();
        foreach (var kind in Enum.GetValues<AppKind>())
            apps.Add(await AppContainer.StartAsync(node, kind, $"app-{kind}".ToLowerInvariant()));
        foreach (var app in apps)
        {
            await Eventually.TrueAsync(() => app.Report.Rounds > 5, () => $"{app.Id} does not read: {app.Log}");
            Assert.True(app.Report is { Failures: 0, Wrong: 0 }, $"{app.Id}: {app.Report}");
        }

        await lxcfs.KillAsync();
        foreach (var app in apps)
        {
            await Eventually.TrueAsync(() => app.Report.Failures > 0, () => $"{app.Id} has no failure");
            Assert.Contains("Transport endpoint is not connected", app.Report.LastError, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_does_not_come_is_named()
    {
        var never = new TaskCompletionSource<int>();
        var error = await Assert.ThrowsAsync<TimeoutException>(() => never.Task.WithinAsync(() => "a number", TimeSpan.FromMilliseconds(1)));
        Assert.EndsWith("a number", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, await Task.FromResult(7).WithinAsync(() => "a number"));
        await Assert.ThrowsAsync<TimeoutException>(() => Task.FromException(new TimeoutException("its own")).WithinAsync(() => "a number"));
    }

    /// <summary>Each is a nap's end and what it was late by, in milliseconds.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("10:1 20:2", 3)]
    [InlineData("10:1 1000:5 1009:7 1011:2", 14)]
    [InlineData("10:900 2000:10 2500:20", 900)]
    [InlineData("5000:4990", 1000)]
    public void The_worst_second_is_found(string naps, int worst)
    {
        var window = new WorstWindow(TimeSpan.FromSeconds(1));
        foreach (var nap in naps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(nap => nap.Split(':')))
            window.Add(TimeSpan.FromMilliseconds(int.Parse(nap[0], CultureInfo.InvariantCulture)), TimeSpan.FromMilliseconds(int.Parse(nap[1], CultureInfo.InvariantCulture)));

        Assert.Equal(TimeSpan.FromMilliseconds(worst), window.Sum);
    }

    /// <summary>The agent's process where it has none just then: 0 would be the tests' own group.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_signal_is_sent_to_a_process_and_to_no_group(int pid) =>
        Assert.Throws<InvalidOperationException>(() => Libc.Signal(pid, Libc.SigCont));
}
