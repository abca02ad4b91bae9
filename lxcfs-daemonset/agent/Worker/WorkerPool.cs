using System.Diagnostics;
using LxcfsAgent.Lxcfs;

namespace LxcfsAgent.Worker;

/// <summary>
/// Has workers do what was asked for, and never waits for one that is held up: it is killed, what held it up is told, and another one goes
/// on with the rest. One thread's.
/// </summary>
/// <param name="killed">Is called for each worker that was late.</param>
internal sealed class WorkerPool(Action<string> killed) : IDisposable
{
    /// <summary>
    /// A step in a container takes microseconds. To take a mount away waits until no processor can be using it any more: more than a second on a
    /// node with fifty times the work that its processors can do.
    /// </summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    /// <summary>For what isn't any container's doing: to start, to open the files of LXCFS, to look through /proc.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LateInAll = TimeSpan.FromSeconds(15);

    /// <summary>To open the nine files of LXCFS takes a millisecond. While it does not answer, nobody sees that it hangs.</summary>
    private static readonly TimeSpan LateAtLxcfs = TimeSpan.FromSeconds(4);

    /// <summary>What is said of a container that holds a worker up.</summary>
    public const string Held = "it did not let a worker finish in time";

    /// <summary>How long one request goes on after what it began with: meanwhile nobody sees whether LXCFS lives.</summary>
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(6);

    /// <summary>How many containers may hold workers up in one request before it is left at that.</summary>
    private const int MostLate = 16;

    private const int MostStuck = 3;

    private static readonly TimeSpan StuckPause = TimeSpan.FromMinutes(10);

    private readonly List<WorkerProcess> _ending = [];
    private WorkerProcess? _worker;

    /// <summary>
    /// For how long a container that holds a worker up is not tried again: a killed worker lives on as long as what it waits for does not
    /// answer, and each takes memory.
    /// </summary>
    public TimeSpan LatePause => _ending.Count < MostStuck ? TimeSpan.Zero : StuckPause;

    /// <exception cref="IOException">No worker could do it.</exception>
    public ContainerScan Scan(ScanRequest request)
    {
        List<string> late = [];
        while (true)
        {
            var containers = new List<ContainerFacts>();
            ScanSummary? summary = null;
            var (isDone, begun) = Ask(new(Scan: request with { Skip = [.. request.Skip, .. late] }), Late, LateInAll, reply =>
            {
                if (reply.Container is { } container)
                    containers.Add(container);
                summary = reply.Summary ?? summary;
            });
            if (isDone && summary is not null)
                return new(containers, summary) { Details = request.Details, Late = late };
            if (begun.Count == 0 || late.Count == MostLate)
                throw new IOException("the node's containers could not be looked at; a worker ended or was late");
            late.AddRange(begun);
        }
    }

    /// <returns>What came of each container that was come to, in no order.</returns>
    /// <exception cref="IOException">No worker could do it.</exception>
    public IReadOnlyList<WorkOutcome> Work(WorkRequest request)
    {
        List<WorkOutcome> outcomes = [];
        var late = Late + TimeSpan.FromMilliseconds(request.PatienceMilliseconds);
        var batches = new Queue<IReadOnlyList<ContainerWork>>([request.Containers]);
        var started = Stopwatch.GetTimestamp();
        // The rest is another turn's: meanwhile LXCFS may have died.
        while ((outcomes.Count == 0 || (Stopwatch.GetElapsedTime(started) < LongestWork && outcomes.Count(outcome => outcome.Error == Held) < MostLate))
            && batches.TryDequeue(out var batch))
        {
            var known = new HashSet<string>();
            var (isDone, begun) = Ask(new(Work: request with { Containers = batch }), late, LateAtLxcfs, reply =>
            {
                if (reply.Outcome is not { } outcome)
                    return;
                outcomes.Add(outcome);
                known.Add(outcome.Namespace);
            });
            if (isDone)
                continue;
            if (begun.Count == 0)
                return outcomes.Count > 0 ? outcomes : throw new IOException("a worker ended, or was late, before it came to any container");
            if (begun.Count == 1)
                outcomes.Add(new(begun[0], 0, Error: Held));
            known.UnionWith(begun);
            if (batch.Where(work => !known.Contains(work.Namespace)).ToList() is { Count: > 0 } rest)
                batches.Enqueue(rest);
            // One of several, or none of them but the node itself: by itself each shows which.
            foreach (var suspect in batch.Where(work => begun.Count > 1 && begun.Contains(work.Namespace)))
                batches.Enqueue([suspect]);
        }

        return outcomes;
    }

    /// <summary>As <see cref="Work"/>, for who has no other turn: until every container was come to.</summary>
    public IReadOnlyList<WorkOutcome> WorkThrough(WorkRequest request)
    {
        List<WorkOutcome> outcomes = [];
        for (var left = request.Containers; left.Count > 0;)
        {
            outcomes.AddRange(Work(request with { Containers = left }));
            var known = outcomes.Select(outcome => outcome.Namespace).ToHashSet();
            left = [.. left.Where(work => !known.Contains(work.Namespace))];
        }

        return outcomes;
    }

    /// <summary>Reads a file of LXCFS' own mount.</summary>
    /// <returns>Null when it does not answer.</returns>
    public ReadAnswer? Read(string path, TimeSpan patience)
    {
        ReadAnswer? answer = null;
        return Ask(new(Read: new(path)), patience, patience, reply => answer = reply.Read ?? answer).IsDone ? answer : null;
    }

    public void Dispose()
    {
        Discard();
        foreach (var ending in _ending)
            ending.Dispose();
    }

    /// <summary>One request to one worker.</summary>
    /// <param name="late">How long a container that was begun may keep the worker from any reply.</param>
    /// <param name="inAll">How long everything else may take.</param>
    /// <returns>Whether it was done, and what was begun and not finished.</returns>
    private (bool IsDone, IReadOnlyList<string> Begun) Ask(WorkerRequest request, TimeSpan late, TimeSpan inAll, Action<WorkerReply> reply)
    {
        Reap();
        if (_worker?.HasEnded == true)
            Discard();
        var begun = new HashSet<string>();
        string? last = null;
        var started = Stopwatch.GetTimestamp();
        try
        {
            _worker ??= WorkerProcess.Start();
            _worker.Send(request, LateInAll);
            while (true)
            {
                var next = Next(_worker, begun.Count > 0 ? late : Left(inAll, started));
                if (next is null)
                    break;
                if (next.Done)
                    return (true, []);
                if (next.Begun is { } name)
                {
                    // A scan looks at one after the other.
                    if (request.Scan is not null)
                        begun.Clear();
                    begun.Add(name);
                }

                if (next.Outcome is { } outcome)
                    begun.Remove(outcome.Namespace);
                if (next.Container is not null || next.Summary is not null)
                    begun.Clear();
                reply(next);
            }

            killed(begun.Count > 0 ? string.Join(", ", begun) : "LXCFS");
        }
        catch (IOException exception)
        {
            last = exception.Message;
        }
        catch
        {
            // Replies to this request may still come: the next one is another worker's.
            Discard();
            throw;
        }

        Discard();
        return last is null || begun.Count > 0 ? (false, [.. begun]) : throw new IOException($"a worker has ended: {last}");
    }

    /// <summary>Also after a long request, what ends it has a moment to come.</summary>
    private static TimeSpan Left(TimeSpan inAll, long started) =>
        inAll - Stopwatch.GetElapsedTime(started) is var left && left > Late ? left : Late < inAll ? Late : inAll;

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
