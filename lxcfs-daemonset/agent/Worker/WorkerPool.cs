using System.Diagnostics;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Has workers do what was asked for, and never waits for one that is held up: it is killed, what held it up is told, and another one goes
/// on with the rest. One thread's.
/// </summary>
/// <param name="killed">Is called for each worker that was late, with what held it up.</param>
/// <param name="program">What a worker is; this program by default.</param>
internal sealed class WorkerPool(Action<string> killed, WorkerLimits? limits = null, Spawn? program = null) : IDisposable
{
    /// <summary>What is said of a container that holds a worker up.</summary>
    public const string Held = "it did not let a worker finish in time";

    private readonly WorkerLimits _limits = limits ?? new();
    private readonly WorkerSlot _slot = new(program ?? WorkerProcess.Program, limits ?? new(), killed);

    /// <summary>
    /// For how long a container that holds a worker up is not tried again: a killed worker lives on as long as what it waits for does not
    /// answer, and each takes memory.
    /// </summary>
    public TimeSpan LatePause => _slot.Stuck < _limits.MostStuck ? TimeSpan.Zero : _limits.StuckPause;

    /// <exception cref="IOException">No worker could do it.</exception>
    public ContainerScan Scan(ScanRequest request)
    {
        List<string> late = [];
        while (true)
        {
            var containers = new List<ContainerFacts>();
            ScanSummary? summary = null;
            var (isDone, begun) = _slot.Ask(new(Scan: request with { Skip = [.. request.Skip, .. late] }), _limits.Late, _limits.LateInAll, reply =>
            {
                if (reply.Container is { } container)
                    containers.Add(container);
                summary = reply.Summary ?? summary;
            });
            if (isDone && summary is not null)
                return new(containers, summary) { Details = request.Details, Late = late };
            if (begun.Count == 0 || late.Count == _limits.MostLate)
                throw new IOException("the node's containers could not be looked at; a worker ended or was late");
            late.AddRange(begun);
        }
    }

    /// <returns>What came of each container that was come to, in no order.</returns>
    /// <exception cref="IOException">No worker could do it.</exception>
    public IReadOnlyList<WorkOutcome> Work(WorkRequest request)
    {
        var queue = new WorkQueue(request.Containers);
        var late = _limits.Late + TimeSpan.FromMilliseconds(request.PatienceMilliseconds);
        var started = Stopwatch.GetTimestamp();
        // The rest is another turn's: meanwhile LXCFS may have died.
        while ((queue.Outcomes.Count == 0 || (Stopwatch.GetElapsedTime(started) < _limits.LongestWork && queue.Late < _limits.MostLate))
            && queue.Next() is { } batch)
        {
            var (isDone, begun) = _slot.Ask(new(Work: request with { Containers = batch }), late, _limits.LateAtLxcfs, reply =>
            {
                if (reply.Outcome is { } outcome)
                    queue.Note(outcome);
            });
            if (isDone)
                continue;
            if (begun.Count > 0)
                queue.NoteLate(batch, begun);
            else if (queue.Outcomes.Count == 0)
                throw new IOException("a worker ended, or was late, before it came to any container");
            else
                break;
        }

        return queue.Outcomes;
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
        return _slot.Ask(new(Read: new(path)), patience, patience, reply => answer = reply.Read ?? answer).IsDone ? answer : null;
    }

    public void Dispose() => _slot.Dispose();
}
