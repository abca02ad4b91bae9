using System.Diagnostics;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Has workers do what was asked for, and never waits for one that is held up: it is killed, what held it up is told, and another one goes
/// on with the rest. One thread's.
/// </summary>
/// <param name="killed">Is called for each worker that was late, with what held it up.</param>
/// <param name="program">What a worker is; this program by default.</param>
/// <param name="isUrgent">Whether something has happened that can't wait: once that becomes so, a worker that is held up is waited for no longer.</param>
internal sealed class WorkerPool(Action<string> killed, WorkerLimits? limits = null, Spawn? program = null, Func<bool>? isUrgent = null) : IDisposable
{
    /// <summary>What is said of a container that holds a worker up.</summary>
    public const string Held = "it did not let a worker finish in time";

    /// <summary>What is said of one that was not waited for as long as it might have taken. Nobody is to blame for that.</summary>
    public const string NotAwaited = "others had to be repaired and could not wait for a look at it";

    /// <summary>The least that is left to a request which others came before.</summary>
    private static readonly TimeSpan LeastWork = TimeSpan.FromSeconds(1);

    private readonly WorkerLimits _limits = limits ?? new();
    private readonly WorkerSlot _slot = new(program ?? WorkerProcess.Program, limits ?? new(), killed, isUrgent ?? (() => false));

    /// <summary>
    /// For how long a container that holds a worker up is not tried again: a killed worker lives on as long as what it waits for does not
    /// answer, and each takes memory.
    /// </summary>
    public TimeSpan LatePause => _slot.Stuck < _limits.MostStuck ? TimeSpan.Zero : _limits.StuckPause;

    /// <summary>Whether so many workers that were killed have not ended that no other should be risked.</summary>
    public bool IsStuck => _slot.LookForStuck() >= _limits.MostStuck;

    /// <summary>The number of the worker that requests go to; null where none has been started. For any thread.</summary>
    public int? Process => _slot.Process;

    /// <param name="patience">How long a look that is held up is waited for when all others are done; null for as long as a container may keep a worker.</param>
    /// <exception cref="IOException">No worker could do it.</exception>
    public ContainerScan Scan(ScanRequest request, TimeSpan? patience = null)
    {
        List<string> late = [], notAwaited = [];
        while (true)
        {
            var containers = new List<ContainerFacts>();
            ScanSummary? summary = null;
            var isCut = false;
            var (_, begun, isLeft) = _slot.Ask(
                new(Scan: request with { Skip = [.. request.Skip, .. late, .. notAwaited] }),
                () => summary is not null && patience < _limits.Late ? patience.Value : _limits.Late,
                _limits.LateInAll,
                reply =>
                {
                    if (reply.Container is { } container)
                        containers.Add(container);
                    summary = reply.Summary ?? summary;
                    isCut |= reply.IsTooLong;
                });
            // All that can be seen is told before a worker waits for what holds it up.
            if (summary is not null && isCut)
                summary = summary with { Complete = false, TooLong = [.. summary.TooLong, "a container"] };
            if (summary is not null)
            {
                var wasAwaited = !isLeft && !(patience < _limits.Late);
                return new(containers, summary)
                {
                    Details = request.Details,
                    Late = wasAwaited ? [.. late, .. begun] : late,
                    NotAwaited = wasAwaited ? notAwaited : [.. notAwaited, .. begun],
                    Skipped = request.Skip.Count,
                };
            }

            if (begun.Count == 0 || late.Count + notAwaited.Count >= _limits.MostLate)
                throw new IOException("the node's containers could not be looked at; a worker ended or was late");
            (isLeft ? notAwaited : late).AddRange(begun);
        }
    }

    /// <param name="lateBefore">Containers that held workers up before: no other waits for them.</param>
    /// <returns>What came of each container that was come to, in no order.</returns>
    /// <exception cref="IOException">No worker could do it.</exception>
    public IReadOnlyList<WorkOutcome> Work(WorkRequest request, IReadOnlySet<string>? lateBefore = null)
    {
        var queue = new WorkQueue(request.Containers, lateBefore ?? new HashSet<string>());
        var late = _limits.Late + TimeSpan.FromMilliseconds(request.PatienceMilliseconds);
        var started = Stopwatch.GetTimestamp();
        // The rest is another turn's: meanwhile LXCFS may have died.
        while ((queue.Outcomes.Count == 0 || (Stopwatch.GetElapsedTime(started) < _limits.LongestWork && queue.Late < _limits.MostLate))
            && queue.Next() is { } batch)
        {
            var left = _limits.LongestWork - Stopwatch.GetElapsedTime(started);
            var longest = (int)(left > LeastWork ? left : LeastWork).TotalMilliseconds;
            var (isDone, begun, isLeft) = _slot.Ask(new(Work: request with { Containers = batch, LongestMilliseconds = longest }), () => late, _limits.LateAtLxcfs, reply =>
            {
                if (reply.Outcome is { } outcome)
                    queue.Note(outcome);
            });
            if (isDone)
                continue;
            // Nobody is to blame who was not waited for; but those who were late before are late again.
            if (isLeft && !queue.IsOfSuspects)
                break;
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
        return _slot.Ask(new(Read: new(path)), () => patience, patience, reply => answer = reply.Read ?? answer).IsDone ? answer : null;
    }

    public void Dispose() => _slot.Dispose();
}
