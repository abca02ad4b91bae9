using System.Runtime.ExceptionServices;
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
    private readonly List<Looker> _held = [];
    private Looker? _free;

    /// <summary>Whether no further look may be held up.</summary>
    public bool IsFull => _held.Count >= Most;

    /// <param name="look">Is given the thread's roamer and a buffer of the thread's, to be replaced by a longer one where it has to be.</param>
    /// <returns>Null where it is held up: <see cref="Finished"/> has what comes of it.</returns>
    public T? Do(string name, Func<MountNamespace.Roamer, byte[][], T> look)
    {
        var looker = _free ?? new(_sync);
        looker.Begin(name, look);
        if (looker.Result(_held.Count == 0 ? Stall : NextStall) is { } result)
        {
            _free = looker;
            return result;
        }

        _held.Add(looker);
        _free = null;
        return null;
    }

    /// <summary>What has come of one that was held up.</summary>
    /// <returns>Null where none is left, or none has finished within that time.</returns>
    public (string Name, T Result)? Finished(TimeSpan patience)
    {
        lock (_sync)
        {
            while (_held.Count > 0)
            {
                if (_held.Find(held => held.Result(TimeSpan.Zero) is not null) is { } finished)
                {
                    _held.Remove(finished);
                    finished.End();
                    return (finished.Name, finished.Result(TimeSpan.Zero)!);
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

    private sealed class Looker
    {
        private readonly object _sync;
        private readonly byte[][] _text = [new byte[65536]];
        private Func<MountNamespace.Roamer, byte[][], T>? _look;
        private ExceptionDispatchInfo? _failure;
        private T? _result;
        private bool _isOver;

        public Looker(object sync)
        {
            _sync = sync;
            MountNamespace.Begin(Run, failure => Change(() => _failure = failure));
        }

        public string Name { get; private set; } = "";

        public void Begin(string name, Func<MountNamespace.Roamer, byte[][], T> look) => Change(() => (Name, _look, _result) = (name, look, null));

        public void End() => Change(() => _isOver = true);

        /// <returns>Null when it has not come within that time, from now or from the last time that any other has come.</returns>
        public T? Result(TimeSpan patience)
        {
            lock (_sync)
            {
                while (_result is null && _failure is null && Monitor.Wait(_sync, patience))
                {
                }

                _failure?.Throw();
                return _result;
            }
        }

        private void Run(MountNamespace.Roamer roamer)
        {
            while (true)
            {
                Func<MountNamespace.Roamer, byte[][], T> look;
                lock (_sync)
                {
                    while (_look is null && !_isOver)
                        Monitor.Wait(_sync);
                    if (_look is null)
                        return;
                    (look, _look) = (_look, null);
                }

                var result = look(roamer, _text);
                Change(() => _result = result);
            }
        }

        private void Change(Action change)
        {
            lock (_sync)
            {
                change();
                Monitor.PulseAll(_sync);
            }
        }
    }
}
