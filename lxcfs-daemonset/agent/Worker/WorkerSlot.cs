using System.Diagnostics;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>The worker that requests go to, and those that were killed and have not ended yet. One thread's.</summary>
/// <param name="program">What a worker is.</param>
/// <param name="killed">Is called for each worker that was late, with what held it up.</param>
internal sealed class WorkerSlot(Spawn program, WorkerLimits limits, Action<string> killed) : IDisposable
{
    /// <summary>How often to look at what a worker does that says nothing.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly List<WorkerProcess> _ending = [];
    private WorkerProcess? _worker;

    /// <summary>How many workers were killed and have not ended: each takes memory.</summary>
    public int Stuck => _ending.Count;

    /// <summary>One request to one worker.</summary>
    /// <param name="late">How long a container that was begun may keep the worker from any reply.</param>
    /// <param name="inAll">How long everything else may take.</param>
    /// <returns>Whether it was done, and what was begun and not finished.</returns>
    /// <exception cref="IOException">The worker has ended with nothing begun.</exception>
    public (bool IsDone, IReadOnlyList<string> Begun) Ask(WorkerRequest request, TimeSpan late, TimeSpan inAll, Action<WorkerReply> reply)
    {
        Reap();
        if (_worker?.HasEnded == true)
            Discard();
        var begun = new HashSet<string>();
        string? ended = null;
        try
        {
            _worker ??= WorkerProcess.Start(program);
            if (Listen(_worker, request, begun, late, inAll, reply))
                return (true, []);
            killed(begun.Count > 0 ? string.Join(", ", begun) : "LXCFS");
        }
        catch (IOException exception)
        {
            ended = exception.Message;
        }
        catch
        {
            // Replies to this request may still come: the next one is another worker's.
            Discard();
            throw;
        }

        Discard();
        return ended is null || begun.Count > 0 ? (false, [.. begun]) : throw new IOException($"a worker has ended: {ended}");
    }

    public void Dispose()
    {
        Discard();
        foreach (var ending in _ending)
            ending.Dispose();
    }

    /// <returns>Whether the worker has done all of it; false when it was late.</returns>
    private bool Listen(WorkerProcess worker, WorkerRequest request, HashSet<string> begun, TimeSpan late, TimeSpan inAll, Action<WorkerReply> reply)
    {
        var started = Stopwatch.GetTimestamp();
        worker.Send(request, limits.LateInAll);
        while (Next(worker, begun.Count > 0 ? late : Left(inAll, started)) is { } next)
        {
            if (next.Done)
                return true;
            Note(next, isScan: request.Scan is not null, begun);
            reply(next);
        }

        return false;
    }

    private static void Note(WorkerReply reply, bool isScan, HashSet<string> begun)
    {
        // A scan looks at one after the other.
        if ((reply.Begun is not null && isScan) || reply.Container is not null || reply.Summary is not null)
            begun.Clear();
        if (reply.Begun is { } name)
            begun.Add(name);
        if (reply.Outcome is { } outcome)
            begun.Remove(outcome.Namespace);
    }

    /// <summary>Also after a long request, what ends it has a moment to come.</summary>
    private TimeSpan Left(TimeSpan inAll, long started)
    {
        var least = limits.Late < inAll ? limits.Late : inAll;
        return inAll - Stopwatch.GetElapsedTime(started) is var left && left > least ? left : least;
    }

    /// <summary>
    /// The next reply. Time in which the worker is at work, or waits for a processor, is not held against it: a busy node is no hostile one.
    /// </summary>
    /// <returns>Null when the worker is held up.</returns>
    private static WorkerReply? Next(WorkerProcess worker, TimeSpan patience)
    {
        var hanging = new HangDetector(patience);
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            if (worker.Next(patience < Look ? patience : Look) is { } reply)
                return reply;
            if (hanging.Look(Stopwatch.GetElapsedTime(started), ProcessActivity.Of(worker.Id)))
                return null;
        }
    }

    private void Discard()
    {
        if (_worker is null)
            return;
        _worker.Kill();
        _ending.Add(_worker);
        _worker = null;
        Reap();
    }

    private void Reap()
    {
        foreach (var ended in _ending.Where(worker => worker.TryReap()).ToList())
        {
            ended.Dispose();
            _ending.Remove(ended);
        }
    }
}
