using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>Does one look into a mount namespace after the other; a thread that one holds up is left in there, and another goes on with the rest.</summary>
/// <typeparam name="T">What a look shows.</typeparam>
internal sealed class LookThreads<T> : IDisposable
    where T : class
{
    /// <summary>So many threads may be held up at a time; each takes some 50 kB and what its buffer has.</summary>
    public const int Most = 64;

    /// <summary>
    /// How long it is waited for when so many are: on a node whose mounts a tenant keeps the kernel busy with, all are slow, and none is held up.
    /// </summary>
    private static readonly TimeSpan LongestFull = TimeSpan.FromSeconds(1);

    /// <summary>A look takes some tens of microseconds.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(100);

    /// <summary>Where one is held up, others may be, and together they keep nobody waiting either: who is only slow is told when he has finished.</summary>
    private static readonly TimeSpan NextStall = TimeSpan.FromMilliseconds(10);

    /// <summary>Of all threads, so that one waits for any.</summary>
    private readonly object _sync = new();
    private readonly List<Looker<T>> _held = [];
    private readonly Queue<(string Name, T Result)> _finished = [];
    private Looker<T>? _free;

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
        while (results.Count < names.Count && !isOver() && HasRoom())
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
            while (Collect() == 0 && _held.Count > 0)
            {
                if (!Monitor.Wait(_sync, patience))
                    return null;
            }

            return _finished.TryDequeue(out var finished) ? finished : null;
        }
    }

    /// <returns>Whether one more may be held up.</returns>
    private bool HasRoom()
    {
        lock (_sync)
        {
            for (Collect(); _held.Count >= Most; Collect())
            {
                if (!Monitor.Wait(_sync, LongestFull))
                    return false;
            }

            return true;
        }
    }

    /// <returns>How many have finished that nobody was told of.</returns>
    private int Collect()
    {
        foreach (var finished in _held.FindAll(held => held.Last is not null))
        {
            _held.Remove(finished);
            finished.End();
            _finished.Enqueue((finished.Name, finished.Last!));
        }

        return _finished.Count;
    }

    /// <summary>Has the threads end that nothing holds up; the others end with the process, a worker.</summary>
    public void Dispose()
    {
        _free?.End();
        _held.ForEach(held => held.End());
    }
}
