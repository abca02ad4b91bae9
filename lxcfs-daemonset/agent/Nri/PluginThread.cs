using System.Collections.Concurrent;

namespace LxcfsAgent.Nri;

/// <summary>Does one thing after the other for the plugin, for as long as each takes, over all connections: one that hangs makes no second thread.</summary>
internal sealed class PluginThread : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Action> _work;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private long _since;

    public PluginThread(string name, int most, TimeProvider time)
    {
        (_work, _time) = (new(most), time);
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Whether what it does has taken longer than an answer may.</summary>
    public bool IsStuck => Volatile.Read(ref _since) is not 0 and var since && _time.GetElapsedTime(since) > NriLimits.Answer;

    /// <returns>False where as much waits already as may.</returns>
    public bool TryRun(Action work) => _work.TryAdd(work);

    /// <summary>Waits for what it does, but not for ever. Nobody may call <see cref="TryRun"/> any more.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        if (_thread.Join(Patience))
            _work.Dispose();
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            // 0 is for idle.
            Volatile.Write(ref _since, Math.Max(1, _time.GetTimestamp()));
            work();
            Volatile.Write(ref _since, 0);
        }
    }
}
