using System.ComponentModel;
using System.Runtime.ExceptionServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>A thread of <see cref="LookThreads{T}"/>, with the looks that it was handed over.</summary>
/// <typeparam name="T">What a look shows.</typeparam>
internal sealed class Looker<T>
    where T : class
{
    private readonly object _sync;
    private readonly byte[][] _text = [new byte[65536]];
    private readonly List<T> _results = [];
    private IReadOnlyList<string> _names = [];
    private Func<int, MountNamespace.Roamer, byte[][], T>? _look;
    private ExceptionDispatchInfo? _failure;
    private int _next;
    private int _end;
    private bool _isOver;

    public Looker(object sync)
    {
        _sync = sync;
        MountNamespace.Begin(Run, failure => Change(() => _failure = failure));
    }

    /// <summary>Of the look that it has begun last.</summary>
    public string Name => _names[_end - 1];

    /// <summary>What has come of that one; null while it is held up.</summary>
    public T? Last
    {
        get
        {
            lock (_sync)
            {
                _failure?.Throw();
                return _next == _end ? _results[^1] : null;
            }
        }
    }

    public void Begin(IReadOnlyList<string> names, int from, Func<int, MountNamespace.Roamer, byte[][], T> look)
    {
        lock (_sync)
        {
            (_names, _look, _next, _end) = (names, look, from, names.Count);
            _results.Clear();
            Monitor.PulseAll(_sync);
        }
    }

    public void End() => Change(() => _isOver = true);

    /// <summary>
    /// What the looks have shown, up to one that is held up, which has taken that time at least; those after it are not begun.
    /// </summary>
    public List<T> Results(TimeSpan patience)
    {
        lock (_sync)
        {
            while (_next < _end && _failure is null)
            {
                var seen = _next;
                if (Monitor.Wait(_sync, patience) || _next != seen)
                    continue;
                _end = _next + 1;
                break;
            }

            _failure?.Throw();
            return [.. _results];
        }
    }

    private void Run(MountNamespace.Roamer roamer)
    {
        while (Next() is { } next)
        {
            var result = next.Look(next.Index, roamer, _text);
            if (next.IsLast)
                Leave(roamer);
            Note(result);
        }
    }

    /// <returns>Null once there will be none.</returns>
    private (Func<int, MountNamespace.Roamer, byte[][], T> Look, int Index, bool IsLast)? Next()
    {
        lock (_sync)
        {
            while (_next == _end && !_isOver)
                Monitor.Wait(_sync);
            return _next == _end ? null : (_look!, _next, _next == _end - 1);
        }
    }

    /// <summary>A namespace lives on while a thread is in it. Where the thread is makes no difference to the next look.</summary>
    private static void Leave(MountNamespace.Roamer roamer)
    {
        try
        {
            roamer.Return();
        }
        catch (Win32Exception)
        {
            // The next look leaves it, or the thread ends with the scan.
        }
    }

    private void Note(T result)
    {
        lock (_sync)
        {
            _results.Add(result);
            if (++_next == _end)
                Monitor.PulseAll(_sync);
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
