namespace LxcfsAgent.Worker;

/// <summary>
/// The containers that work was asked for, in batches of one worker each, and what came of them. What was in hand while a worker was late is
/// tried once more when all others are done with, and is to blame where a worker is late again. Pure.
/// </summary>
/// <param name="lateBefore">Those that were to blame before: they come after all others.</param>
internal sealed class WorkQueue(IReadOnlyList<ContainerWork> containers, IReadOnlySet<string> lateBefore)
{
    private readonly List<WorkOutcome> _outcomes = [];
    private List<ContainerWork> _others = [.. containers.Where(work => !lateBefore.Contains(work.Namespace))];
    private List<ContainerWork> _suspects = [.. containers.Where(work => lateBefore.Contains(work.Namespace))];

    /// <summary>What came of each container that was come to, in no order.</summary>
    public IReadOnlyList<WorkOutcome> Outcomes => _outcomes;

    /// <summary>How many containers have held a worker up.</summary>
    public int Late { get; private set; }

    /// <summary>Whether the latest batch is of those that a late worker had in hand.</summary>
    public bool IsOfSuspects { get; private set; }

    /// <summary>The next batch; null where none is left.</summary>
    public IReadOnlyList<ContainerWork>? Next()
    {
        IsOfSuspects = _others.Count == 0;
        var batch = IsOfSuspects ? _suspects : _others;
        if (IsOfSuspects)
            _suspects = [];
        else
            _others = [];
        return batch.Count > 0 ? batch : null;
    }

    public void Note(WorkOutcome outcome) => _outcomes.Add(outcome);

    /// <summary>Notes that the worker with the latest batch ended before it was done.</summary>
    /// <param name="batch">What <see cref="Next"/> gave.</param>
    /// <param name="begun">What it had begun with and not finished; one at least.</param>
    public void NoteLate(IReadOnlyList<ContainerWork> batch, IReadOnlyList<string> begun)
    {
        var isKnown = begun.Count == 1 || IsOfSuspects;
        if (isKnown)
        {
            Late += begun.Count;
            _outcomes.AddRange(begun.Select(name => new WorkOutcome(name, 0, Error: WorkerPool.Held)));
        }

        var known = _outcomes.Select(outcome => outcome.Namespace).Concat(begun).ToHashSet();
        var rest = batch.Where(work => !known.Contains(work.Namespace));
        if (IsOfSuspects)
            _suspects.AddRange(rest);
        else
            _others.AddRange(rest);
        if (!isKnown)
            _suspects.AddRange(batch.Where(work => begun.Contains(work.Namespace)));
    }
}
