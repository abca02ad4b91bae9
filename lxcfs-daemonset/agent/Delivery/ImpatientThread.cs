using System.Diagnostics;

namespace LxcfsAgent.Delivery;

/// <summary>Does one thing at a time on a thread of its own, for a caller who can't wait: what is held up is left behind, and meanwhile nothing else is begun.</summary>
internal sealed class ImpatientThread : IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly object _sync = new();
    private readonly Thread _thread;
    private Action? _work;
    private bool _isOver;

    public ImpatientThread(string name)
    {
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>One caller's at a time.</summary>
    /// <param name="work">Throws nothing.</param>
    /// <returns>Whether it is done; where it is not it may be going on, or it was not begun since another one is.</returns>
    public bool Do(Action work, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        lock (_sync)
        {
            if (_work is not null || _isOver)
                return false;
            _work = work;
            Monitor.PulseAll(_sync);
            while (_work == work)
            {
                if (patience - Stopwatch.GetElapsedTime(started) is var left && (left <= TimeSpan.Zero || !Monitor.Wait(_sync, left)))
                    return _work != work;
            }

            return true;
        }
    }

    /// <summary>What is held up ends with the process.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _isOver = true;
            Monitor.PulseAll(_sync);
        }

        _thread.Join(LongestEnd);
    }

    private void Run()
    {
        while (true)
        {
            lock (_sync)
            {
                while (_work is null && !_isOver)
                    Monitor.Wait(_sync);
                if (_work is null)
                    return;
            }

            _work();
            lock (_sync)
            {
                _work = null;
                Monitor.PulseAll(_sync);
            }
        }
    }
}
