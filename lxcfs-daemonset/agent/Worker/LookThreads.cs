using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>Does one look into a mount namespace after the other; a thread that one holds up is left in there, and another goes on with the rest.</summary>
/// <typeparam name="T">What a look shows.</typeparam>
internal sealed class LookThreads<T> : IDisposable
    where T : class
{
    /// <summary>So many threads may be held up; each takes some 50 kB and what its buffer has.</summary>
    public const int Most = 64;

    /// <summary>A look takes some tens of microseconds.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(100);

    /// <summary>Where one is held up, others may be, and together they keep nobody waiting either: who is only slow is told when he has finished.</summary>
    private static readonly TimeSpan NextStall = TimeSpan.FromMilliseconds(10);

    /// <summary>Of all threads, so that one waits for any.</summary>
    private readonly object _sync = new();
    private readonly List<Looker<T>> _held = [];
    private Looker<T>? _free;

    /// <summary>Whether no further look may be held up.</summary>
    public bool IsFull => _held.Count >= Most;

    /// <param name="names">What to look at: many at once, since to hand one over to a thread takes as long as a look.</param>
    /// <param name="look">Is given the name's place in the list, the thread's roamer and a buffer of the thread's, to be replaced by a longer one where it has to be.</param>
    /// <param name="isOver">Whether there is no time for any more.</param>
    /// <param name="holdsUp">Is told what holds a look up, as soon as that is known.</param>
    /// <returns>
    /// What each has shown, in that order, up to where there was no time for any more or none more may be held up. Null for one that is
    /// held up: <see cref="Finished"/> has what comes of it.
    /// </returns>
    public IReadOnlyList<T?> Do(IReadOnlyList<string> names, Func<int, MountNamespace.Roamer, byte[][], T> look, Func<bool> isOver, Action<string> holdsUp)
    {
        List<T?> results = [];
        while (results.Count < names.Count && !IsFull && !isOver())
        {
            var looker = _free ?? new(_sync);
            looker.Begin(names, results.Count, look);
            var (seen, isHeld) = looker.Results(_held.Count == 0 ? Stall : NextStall, isOver);
            results.AddRange(seen);
            _free = isHeld ? null : looker;
            if (!isHeld)
                continue;
            holdsUp(names[results.Count]);
            results.Add(null);
            _held.Add(looker);
        }

        return results;
    }

    /// <summary>What has come of one that was held up.</summary>
    /// <returns>Null where none is left, or none has finished within that time.</returns>
    public (string Name, T Result)? Finished(TimeSpan patience)
    {
        lock (_sync)
        {
            while (_held.Count > 0)
            {
                if (_held.Find(held => held.Last is not null) is { } finished)
                {
                    _held.Remove(finished);
                    finished.End();
                    return (finished.Name, finished.Last!);
                }

                if (!Monitor.Wait(_sync, patience))
                    return null;
            }

            return null;
        }
    }

    /// <summary>Has the threads end that nothing holds up; the others end with the process, a worker.</summary>
    public void Dispose()
    {
        _free?.End();
        _held.ForEach(held => held.End());
    }
}
