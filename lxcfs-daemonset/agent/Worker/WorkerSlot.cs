using System.Diagnostics;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>The worker that requests go to, and those that were killed and have not ended yet. One thread's.</summary>
/// <param name="program">What a worker is.</param>
/// <param name="killed">Is called for each worker that was late, with what held it up.</param>
/// <param name="isUrgent">Whether something has happened that can't wait for a worker that is held up.</param>
internal sealed class WorkerSlot(Spawn program, WorkerLimits limits, Action<string> killed, Func<bool> isUrgent) : IDisposable
{
    /// <summary>How often to look at what a worker does that says nothing.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly List<WorkerProcess> _ending = [];
    private WorkerProcess? _worker;

    /// <summary>How many workers were killed and have not ended: each takes memory.</summary>
    public int Stuck => _ending.Count;

    /// <summary>The worker's number; null where none has been started. For any thread.</summary>
    public int? Process => Volatile.Read(ref _worker)?.Id;

    /// <summary>As <see cref="Stuck"/>, as of now.</summary>
    public int LookForStuck()
    {
        Reap();
        return Stuck;
    }

    /// <summary>One request to one worker.</summary>
    /// <param name="late">How long a container that was begun may keep the worker from any reply.</param>
    /// <param name="inAll">How long everything else may take.</param>
    /// <returns>Whether it was done, what was begun and not finished, and whether that was left for something that can't wait.</returns>
    /// <exception cref="IOException">The worker has ended with nothing begun.</exception>
    public (bool IsDone, IReadOnlyList<string> Begun, bool IsLeft) Ask(WorkerRequest request, Func<TimeSpan> late, TimeSpan inAll, Action<WorkerReply> reply)
    {
        Reap();
        if (_worker?.HasEnded == true)
            Discard();
        var begun = new HashSet<string>();
        string? ended = null;
        var isLeft = false;
        try
        {
            _worker ??= WorkerProcess.Start(program);
            (var isDone, isLeft) = Listen(_worker, request, begun, late, inAll, reply);
            if (isDone)
                return (true, [], false);
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
        return ended is null || begun.Count > 0 ? (false, [.. begun], isLeft) : throw new IOException($"a worker has ended: {ended}");
    }

    public void Dispose()
    {
        Discard();
        foreach (var ending in _ending)
            ending.Dispose();
    }

    /// <returns>Whether the worker has done all of it, and, when it was late, whether it was waited for no longer than it had to be.</returns>
    private (bool IsDone, bool IsLeft) Listen(
        WorkerProcess worker, WorkerRequest request, HashSet<string> begun, Func<TimeSpan> late, TimeSpan inAll, Action<WorkerReply> reply)
    {
        var (started, wasUrgent, isLeft) = (Stopwatch.GetTimestamp(), isUrgent(), false);
        worker.Send(request, limits.LateInAll);
        while (Next(worker, begun.Count > 0 ? late() : Left(inAll, started), () => isLeft = begun.Count > 0 && !wasUrgent && isUrgent()) is { } next)
        {
            if (next.Done)
                return (true, false);
            // Who is at work says so as often as a silent one is looked at.
            if (next.IsAtWork && !wasUrgent && isUrgent())
                return (false, true);
            Note(next, begun);
            reply(next);
        }

        return (false, isLeft);
    }

    private static void Note(WorkerReply reply, HashSet<string> begun)
    {
        if (reply.Begun is { } name)
            begun.Add(name);
        if ((reply.Outcome?.Namespace ?? reply.Container?.Namespace) is { } ended)
            begun.Remove(ended);
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
    /// <param name="isLeft">Whether a worker that has said nothing for a look is waited for no longer.</param>
    /// <returns>Null when the worker is held up.</returns>
    private static WorkerReply? Next(WorkerProcess worker, TimeSpan patience, Func<bool> isLeft)
    {
        var hanging = new HangDetector(patience);
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            if (worker.Next(patience < Look ? patience : Look) is { } reply)
                return reply;
            if (isLeft() || hanging.Look(Stopwatch.GetElapsedTime(started), ProcessActivity.Of(worker.Id)))
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
