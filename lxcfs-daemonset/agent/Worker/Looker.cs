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

    /// <param name="patience">How long one look may take.</param>
    /// <param name="isOver">Whether no further look is to be begun.</param>
    /// <returns>What the looks have shown, and whether the one after these is held up; the rest is not begun then.</returns>
    public (IReadOnlyList<T> Results, bool IsHeld) Results(TimeSpan patience, Func<bool> isOver)
    {
        lock (_sync)
        {
            while (_next < _end && _failure is null)
            {
                var seen = _next;
                var isPulsed = Monitor.Wait(_sync, patience);
                if (isOver())
                    _end = Math.Min(_end, _next + 1);
                if (isPulsed || _next != seen)
                    continue;
                _end = _next + 1;
                break;
            }

            _failure?.Throw();
            return ([.. _results], _next < _end);
        }
    }

    private void Run(MountNamespace.Roamer roamer)
    {
        while (Next() is (var look, var index))
        {
            var result = look(index, roamer, _text);
            lock (_sync)
            {
                _results.Add(result);
                if (++_next == _end)
                    Monitor.PulseAll(_sync);
            }
        }
    }

    /// <returns>Null once there will be none.</returns>
    private (Func<int, MountNamespace.Roamer, byte[][], T> Look, int Index)? Next()
    {
        lock (_sync)
        {
            while (_next == _end && !_isOver)
                Monitor.Wait(_sync);
            return _next == _end ? null : (_look!, _next);
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
