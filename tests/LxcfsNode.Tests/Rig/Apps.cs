using System.Diagnostics;

namespace LxcfsNode.Tests.Rig;

/// <summary>Many apps of every kind that is served, and what is true of them all.</summary>
internal sealed class Apps(IReadOnlyList<AppContainer> all)
{
    private const int AtOnce = 4;
    private static readonly AppKind[] Served = [AppKind.Busybox, AppKind.Distroless, AppKind.ReadOnlyRoot];
    private static readonly string[] Files = [.. ServedFiles.All.Select(file => file.Path).Order(StringComparer.Ordinal)];
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(1);

    public IReadOnlyList<AppContainer> All { get; } = all;

    public static async Task<Apps> StartAsync(Node node, int count, string prefix = "app")
    {
        using var places = new SemaphoreSlim(AtOnce);
        return new(await Task.WhenAll(Enumerable.Range(0, count).Select(StartOneAsync)));

        async Task<AppContainer> StartOneAsync(int index)
        {
            await places.WaitAsync();
            try
            {
                return await AppContainer.StartAsync(node, Served[index % Served.Length], $"{prefix}-{index}", count);
            }
            finally
            {
                places.Release();
            }
        }
    }

    /// <summary>
    /// Waits until every app is served again, and returns the time from then to the end of the first good round of the last app.
    /// </summary>
    public async Task<TimeSpan> RepairedSinceAsync(TimeSpan then)
    {
        // Most have noticed by now. The reports cost nothing to look at, whereas mountinfo does, and so would delay the repair.
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Notice && !All.All(app => app.Report.LastBad > then && IsRepaired(app.Report));)
            await Task.Delay(10);
        await ServedAsync();
        return All.Max(app => app.Report.LastBad > then ? app.Report.Healed!.Value - then : TimeSpan.Zero);
    }

    /// <summary>Waits until every app has the LXCFS that is mounted now, and has read it without a fault since.</summary>
    public async Task ServedAsync(TimeSpan? patience = null)
    {
        await Eventually.TrueAsync(
            () => All.All(app => WhyUnserved(app) is null), () => string.Join('\n', All.Select(WhyUnserved).OfType<string>()), patience);
        var rounds = All.Select(app => app.Report.Rounds).ToArray();
        // The round that ran meanwhile may have begun before.
        await Eventually.TrueAsync(
            () => All.Index().All(item => item.Item.Report.Rounds >= rounds[item.Index] + 2 && IsRepaired(item.Item.Report)),
            () => string.Join('\n', All.Where(app => !IsRepaired(app.Report)).Select(app => $"{app.Id}: {app.Report}")));
    }

    /// <summary>No read has failed and no value was wrong, ever.</summary>
    public void AssertFlawless()
    {
        foreach (var app in All)
            Assert.True(app.Report is { Failures: 0, Wrong: 0, Reads: > 0 }, $"{app.Id}: {app.Report}\n{app.Node.Logs}");
    }

    /// <summary>Whatever the values were, no read has failed.</summary>
    public void AssertNeverFailed() => Assert.All(All, app => Assert.Equal(0ul, app.Report.Failures));

    /// <summary>No value was wrong, ever, and no app was without its view for longer.</summary>
    public void AssertRepairedWithin(TimeSpan longest)
    {
        var worst = All.Max(app => app.Report.LongestBroken);
        Measured.Print($"the longest time that an app was without its view: {worst.TotalMilliseconds:0} ms");
        foreach (var app in All)
            Assert.True(app.Report is { Wrong: 0, Reads: > 0 } && app.Report.LongestBroken < longest, $"{app.Id}: {app.Report}, broken for {worst}\n{app.Node.Logs}");
    }

    /// <summary>What keeps an app from being served: its mounts are the files of the live LXCFS, each at its paths and read-only.</summary>
    public static string? WhyUnserved(Container app)
    {
        var live = app.Node.Live;
        if (live is not { IsLxcfs: true })
            return $"nothing is mounted at {app.Node.Root}";
        var mounts = app.LxcfsMounts;
        if (!mounts.Select(mount => mount.Target).Order(StringComparer.Ordinal).SequenceEqual(Files))
            return $"{app.Id} has mounts at {string.Join(' ', mounts.Select(mount => mount.Target))}";
        return mounts.FirstOrDefault(mount => !IsRight(mount, live)) is { } wrong ? $"{app.Id} has {wrong}; live is {live.Device}" : null;
    }

    private static bool IsRight(Mount mount, Mount live) =>
        mount.Device == live.Device && ServedFiles.Has(mount) && mount.Options.Split(',').Contains("ro");

    private static bool IsRepaired(ReaderReport report) => report.LastBad is not { } bad || report.Healed > bad;
}
