namespace LxcfsAgent.Worker;

/// <summary>
/// The containers that work was asked for, in batches of one worker each, and what came of them. Where a worker is late with one container in hand,
/// that one is to blame; where it had several, each of them is tried by itself. Pure.
/// </summary>
internal sealed class WorkQueue(IReadOnlyList<ContainerWork> containers)
{
    private readonly Queue<IReadOnlyList<ContainerWork>> _batches = new([containers]);
    private readonly List<WorkOutcome> _outcomes = [];

    /// <summary>What came of each container that was come to, in no order.</summary>
    public IReadOnlyList<WorkOutcome> Outcomes => _outcomes;

    /// <summary>How many containers have held a worker up.</summary>
    public int Late { get; private set; }

    /// <summary>The next batch; null where none is left.</summary>
    public IReadOnlyList<ContainerWork>? Next() => _batches.TryDequeue(out var batch) ? batch : null;

    public void Note(WorkOutcome outcome) => _outcomes.Add(outcome);

    /// <summary>Notes that the worker with a batch ended before it was done.</summary>
    /// <param name="begun">What it had begun with and not finished; one at least.</param>
    public void NoteLate(IReadOnlyList<ContainerWork> batch, IReadOnlyList<string> begun)
    {
        if (begun is [var culprit])
        {
            Late++;
            _outcomes.Add(new(culprit, 0, Error: WorkerPool.Held));
        }

        var known = _outcomes.Select(outcome => outcome.Namespace).Concat(begun).ToHashSet();
        if (batch.Where(work => !known.Contains(work.Namespace)).ToList() is { Count: > 0 } rest)
            _batches.Enqueue(rest);
        // One of several, or none of them but the node itself: by itself each shows which.
        foreach (var suspect in batch.Where(work => begun.Count > 1 && begun.Contains(work.Namespace)))
            _batches.Enqueue([suspect]);
    }
}
