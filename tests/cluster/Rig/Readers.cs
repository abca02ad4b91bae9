using System.Diagnostics;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>Every container of a cluster that reads what LXCFS serves, by the name of its report.</summary>
internal sealed class Readers(string folder) : IDisposable
{
    private readonly Dictionary<string, ReaderCounts> _all = [];

    public IEnumerable<ReaderCounts> All => _all.Values;

    /// <summary>Makes the report of a container that is still to come, at /reports/NAME of the node.</summary>
    public ReaderCounts Add(string name) => _all[name] = ReaderCounts.Make(Path.Combine(folder, "reports", name));

    public ReaderCounts Add(ReaderCounts reader) => _all[reader.Name] = reader;

    /// <summary>Its container is gone for good.</summary>
    public void Remove(string name)
    {
        _all.Remove(name, out var reader);
        reader!.Dispose();
    }

    /// <summary>Waits until every one has read right values only, three rounds in a row.</summary>
    public async Task AllReadRightAsync(TimeSpan? patience = null)
    {
        var since = All.ToDictionary(reader => reader, reader => (reader.Rounds, reader.Failed, reader.Wrong));
        await Eventually.NullAsync(() =>
        {
            var late = All.FirstOrDefault(reader => !ReadsRight(reader, since));
            return late is null ? null : $"{late} in {late.Rounds} rounds";
        }, patience);
    }

    /// <summary>Waits until every one has read once more, whatever it was, or for so long.</summary>
    public async Task AllReadAsync(TimeSpan atMost)
    {
        var since = All.ToDictionary(reader => reader, reader => reader.Rounds);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < atMost && All.Any(reader => reader.Rounds == since[reader]);)
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    /// <summary>What happens, and how all readers fare until they read right again.</summary>
    public async Task<EventFigures> AroundAsync(string name, Func<Task> happening, TimeSpan? patience = null)
    {
        await AllReadRightAsync();
        foreach (var reader in All)
            reader.ForgetLongest();
        var before = Sums();
        var took = Stopwatch.StartNew();
        await happening();
        await AllReadRightAsync(patience);
        var after = Sums();
        return new(name, _all.Count, after.Reads - before.Reads, after.Failed - before.Failed, after.Wrong - before.Wrong,
            All.Max(reader => reader.LongestBroken), took.Elapsed);
    }

    public void Dispose()
    {
        foreach (var reader in All)
            reader.Dispose();
    }

    private (ulong Reads, ulong Failed, ulong Wrong) Sums() => All.Aggregate(
        (Reads: 0UL, Failed: 0UL, Wrong: 0UL), (sum, reader) => (sum.Reads + reader.Reads, sum.Failed + reader.Failed, sum.Wrong + reader.Wrong));

    private static bool ReadsRight(ReaderCounts reader, Dictionary<ReaderCounts, (ulong Rounds, ulong Failed, ulong Wrong)> since)
    {
        var (rounds, failed, wrong) = since[reader];
        if (reader.Failed == failed && reader.Wrong == wrong && !reader.IsBroken)
            return reader.Rounds >= rounds + 3;
        since[reader] = (reader.Rounds, reader.Failed, reader.Wrong);
        return false;
    }
}
