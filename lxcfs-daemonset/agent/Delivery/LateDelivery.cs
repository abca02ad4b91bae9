using System.Diagnostics;
using LxcfsAgent.Apply;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>
/// Gives containers the files that they started without, in the background and for as long as it takes: what fails is tried again with
/// growing pauses.
/// </summary>
/// <param name="workers">Are this thread's alone.</param>
/// <param name="mayAdd">Whether this agent serves the node at this moment: nobody takes away then what is given.</param>
internal sealed class LateDelivery(WorkerPool workers, string root, Func<bool> mayAdd, AgentMetrics metrics, ILogger logger) : IDisposable
{
    /// <summary>More than a node has.</summary>
    private const int Most = 10_000;

    private const int MostNamed = 5;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private readonly object _sync = new();
    private readonly Dictionary<string, LateContainer> _waiting = [];
    private readonly RetrySchedule _retries = new();
    private readonly MissingFiles _files = new(workers, root);
    private readonly long _started = Stopwatch.GetTimestamp();
    private Thread? _thread;
    private string? _reason;
    private bool _isOver;

    /// <summary>
    /// Called when one that was listed had started without its files: others may have started after the runtime made its list and before it asked
    /// this agent.
    /// </summary>
    public Action ListedWereBare { get; set; } = () => { };

    /// <returns>Whether there was room for it.</returns>
    public bool Add(LateContainer container)
    {
        lock (_sync)
        {
            if (_waiting.Count >= Most)
                return false;
            _waiting[container.Id] = container;
            if (_thread is null)
            {
                _thread = new(Run) { IsBackground = true, Name = "LateDelivery" };
                _thread.Start();
            }

            Monitor.PulseAll(_sync);
            return true;
        }
    }

    public void Forget(string id)
    {
        lock (_sync)
            _waiting.Remove(id);
    }

    /// <summary>Those that are not done with.</summary>
    public int Waiting
    {
        get
        {
            lock (_sync)
                return _waiting.Count;
        }
    }

    public void Dispose()
    {
        lock (_sync)
        {
            _isOver = true;
            Monitor.PulseAll(_sync);
        }

        _thread?.Join(LongestEnd);
    }

    private void Run()
    {
        while (true)
        {
            List<LateContainer> due;
            lock (_sync)
            {
                while (_waiting.Count == 0 && !_isOver)
                    Monitor.Wait(_sync);
                if (_isOver)
                    return;
                if (!workers.IsStuck)
                    _retries.Release();
                var now = Stopwatch.GetElapsedTime(_started);
                var retries = _retries.Retries;
                due = [.. _waiting.Values.Where(container => !retries.TryGetValue(container.Id, out var retry) || retry.Due <= now)];
                if (due.Count == 0 || !mayAdd())
                {
                    Monitor.Wait(_sync, Tick);
                    continue;
                }
            }

            Pass(due);
        }
    }

    private void Pass(List<LateContainer> due)
    {
        List<string> served = [];
        var wereBare = false;
        string? reason = null;
        foreach (var (container, addition) in due.Zip(_files.Add([.. due.Select(container => container.Work)])))
        {
            if (addition is { Error: { } own, IsOwn: true })
                Fail(container, own);
            else
                reason ??= addition.Error;
            if (addition.Error is not null)
                continue;

            if (addition is { IsGone: false, Missing: > 0 })
            {
                served.Add(container.Name);
                wereBare |= container.IsListed;
            }

            Done(container);
        }

        _retries.Expire(Stopwatch.GetElapsedTime(_started));
        metrics.AttachedLate.Add(served.Count);
        if (served.Count > 0)
            Log.AttachedLate(logger, served.Count, string.Join(", ", served.Take(MostNamed)));
        if (wereBare)
            ListedWereBare();
        Wait(reason);
    }

    /// <summary>What none of them can help makes none of them wait longer each time.</summary>
    private void Wait(string? reason)
    {
        if (reason is not null && reason != _reason)
            Log.NotAttached(logger, "containers that wait for their files", reason);
        _reason = reason;
        if (reason is null)
            return;
        metrics.DeliveryErrors.Add(1);
        lock (_sync)
        {
            if (!_isOver)
                Monitor.Wait(_sync, AfterError);
        }
    }

    private void Fail(LateContainer container, string error)
    {
        _retries.Failed(container.Id, error, Stopwatch.GetElapsedTime(_started), error == WorkerPool.Held ? workers.LatePause : default);
        metrics.DeliveryErrors.Add(1);
        if (_retries.TimesOf(container.Id) == 1)
            Log.NotAttached(logger, container.Name, error);
    }

    private void Done(LateContainer container)
    {
        _retries.Forget(container.Id);
        lock (_sync)
        {
            // The runtime may have named it anew meanwhile, by another process.
            if (_waiting.TryGetValue(container.Id, out var waiting) && waiting == container)
                _waiting.Remove(container.Id);
        }
    }
}
