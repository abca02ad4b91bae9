using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Apply;

/// <summary>
/// When to try again what failed, or what had to be done again and again: at once a few times, since one failure may be chance, then with
/// growing pauses. Pure but for what it remembers.
/// </summary>
internal sealed class RetrySchedule
{
    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>How many names are remembered; the tenants of a node can't make this list longer.</summary>
    public const int Most = 10_000;

    private const string Again = "it has to be done again and again";

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.25);

    private readonly Dictionary<string, Entry> _entries = [];
    private string? _cause;

    /// <summary>What may not be tried yet, and what failed: by name.</summary>
    public IReadOnlyDictionary<string, Retry> Retries =>
        _entries.Where(entry => entry.Value.Retry is not null).ToDictionary(entry => entry.Key, entry => entry.Value.Retry!);

    /// <summary>Grows with each change.</summary>
    public int Changes { get; private set; }

    /// <summary>Notes a failure. Of what was done for another cause none is counted on.</summary>
    /// <param name="atLeast">How long it is not tried again, whatever came before.</param>
    public void Failed(string key, string error, TimeSpan now, TimeSpan atLeast = default) => Note(key, now, tolerated: 0, error, atLeast, _cause);

    /// <summary>Notes something that worked, and should not be needed again soon.</summary>
    /// <param name="cause">What it was done for: for another cause, the count begins anew.</param>
    /// <param name="tolerated">How often it may be, without a pause.</param>
    public void Done(string key, string cause, TimeSpan now, int tolerated) =>
        Note(key, now, tolerated, Again, atLeast: default, cause);

    /// <summary>Begins something else: what had to be done again and again for another cause holds it up no longer, nor what could not be waited for.</summary>
    public void Begin(string cause)
    {
        _cause = cause;
        foreach (var key in _entries.Where(entry => entry.Value.Retry?.Error is Again or WorkerPool.NotAwaited && entry.Value.Cause != cause).Select(entry => entry.Key).ToList())
            Forget(key);
    }

    /// <summary>How often something failed, or was done, for the same cause.</summary>
    public int TimesOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Times : 0;

    public void Forget(string key) => Changes += _entries.Remove(key) ? 1 : 0;

    /// <summary>The cause of every longer pause than a failure's own is over: from here on each waits as long as it would have without it.</summary>
    public void Release()
    {
        foreach (var (key, entry) in _entries.Where(entry => entry.Value.Retry is { } retry && retry.Due > entry.Value.Last + entry.Value.Pause).ToList())
        {
            Changes++;
            _entries[key] = entry with { Retry = entry.Retry! with { Due = entry.Last + entry.Pause } };
        }
    }

    /// <summary>Forgets what has not come back for longer than any pause.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (var key in _entries.Where(entry => now - entry.Value.Last > 2 * Longest && !(entry.Value.Retry?.Due > now)).Select(entry => entry.Key).ToList())
            Forget(key);
    }

    private void Note(string key, TimeSpan now, int tolerated, string error, TimeSpan atLeast, string? cause)
    {
        if (_entries.Count >= Most && !_entries.ContainsKey(key))
            return;
        var times = _entries.TryGetValue(key, out var entry) && entry.Cause == cause ? entry.Times + 1 : 1;
        var pause = times <= tolerated
            ? (TimeSpan?)null
            : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(times - tolerated - 1, 10))));
        Changes++;
        _entries[key] = new(
            times, cause, now, pause ?? TimeSpan.Zero, pause is { } wait ? new(now + (wait > atLeast ? wait : atLeast), error) : null);
    }

    /// <param name="Pause">What a failure of its own makes it wait.</param>
    private sealed record Entry(int Times, string? Cause, TimeSpan Last, TimeSpan Pause, Retry? Retry);
}
