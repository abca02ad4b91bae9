using LxcfsAgent.Worker;

namespace LxcfsAgent.State;

/// <summary>What is on record of containers whose files were taken away, and for how long. Pure.</summary>
internal static class WithdrawnRecord
{
    /// <summary>After so many tries, what is mounted over a file to be restored is there to stay.</summary>
    public const int MostRestores = 8;

    /// <summary>Of a container's processes, so many are kept: any that lives will do.</summary>
    private const int MostProcesses = 32;

    /// <summary>With files that are about to be taken away; what was on record of the same containers stays.</summary>
    public static IReadOnlyList<WithdrawnContainer> With(IEnumerable<WithdrawnContainer> known, IEnumerable<ContainerWork> work) =>
        Join(known.Concat(work.Select(Record)));

    /// <summary>One entry for each container, with everything that several say of it.</summary>
    public static IReadOnlyList<WithdrawnContainer> Join(IEnumerable<WithdrawnContainer> entries) =>
    [
        .. entries.GroupBy(entry => entry.MountNamespace).Select(group => group.ToList() is [var only] ? only : group.Last() with
        {
            Files = [.. group.SelectMany(entry => entry.Files).Distinct()],
            Processes = [.. group.SelectMany(ProcessesOf).Distinct().TakeLast(MostProcesses)],
        }),
    ];

    /// <summary>
    /// What a repair leaves on record, where a file that is detached may not come to be replaced: every container that is not surely whole. A
    /// worker that ended in the middle leaves one of which the next worker finds nothing to replace.
    /// </summary>
    /// <param name="known">What was on record before it.</param>
    public static IReadOnlyList<WithdrawnContainer> AfterRepair(
        IEnumerable<WithdrawnContainer> known, IReadOnlyList<ContainerWork> work, IEnumerable<WorkOutcome> outcomes)
    {
        var wanted = work.ToDictionary(container => container.Namespace, container => container.Files.Count);
        var whole = outcomes.Where(outcome => IsWhole(outcome, wanted[outcome.Namespace])).Select(outcome => outcome.Namespace).ToHashSet();
        var replaced = work.Where(container => whole.Contains(container.Namespace)).SelectMany(container => Record(container).Files.Select(file => (container.Namespace, file))).ToHashSet();
        return With(
            known.Select(entry => entry with { Files = [.. entry.Files.Where(file => !replaced.Contains((entry.MountNamespace, file)))] }).Where(entry => entry.Files.Count > 0),
            work.Where(container => !whole.Contains(container.Namespace)));
    }

    /// <summary>
    /// What a restore leaves on record: what failed, what was not come to, and for some times what something is mounted over, since an agent
    /// that has not ended yet may be about to take that away.
    /// </summary>
    /// <param name="known">What was on record before it.</param>
    /// <param name="tried">What of that it was for.</param>
    /// <param name="timesOf">How often a container's files were restored before.</param>
    public static IReadOnlyList<WithdrawnContainer> AfterRestore(
        IEnumerable<WithdrawnContainer> known, IReadOnlyList<WithdrawnContainer> tried, IEnumerable<WorkOutcome> outcomes, Func<string, int> timesOf)
    {
        var wanted = Work(tried).ToDictionary(container => container.Namespace, container => container.Files.Count);
        var over = outcomes.Where(IsOver).Select(outcome => outcome.Namespace).ToHashSet();
        var settled = tried.Select(container => container.MountNamespace).Except(wanted.Keys.Except(over)).ToHashSet();
        return [.. known.Where(container => !settled.Contains(container.MountNamespace))];

        bool IsOver(WorkOutcome outcome) =>
            IsWhole(outcome, wanted[outcome.Namespace]) || (outcome.Error is null && timesOf(outcome.Namespace) >= MostRestores);
    }

    /// <summary>The work of a restore: only files at their own paths, since a record that says otherwise is none of ours.</summary>
    public static IReadOnlyList<ContainerWork> Work(IEnumerable<WithdrawnContainer> containers) =>
        [.. containers.Select(Work).Where(work => work.Files.Count > 0)];

    private static ContainerWork Work(WithdrawnContainer container) => new(
        container.MountNamespace,
        ProcessesOf(container),
        [
            .. container.Files.Where(file => FileIdentity.IsOwnTarget(file.Path, file.Target))
                .Select(file => new FileFacts(file.Path, file.Target, FileLayer.Top, 0, "")),
        ],
        container.Named);

    /// <summary>Whether all of a container's files were done with, or nobody is left to see them.</summary>
    private static bool IsWhole(WorkOutcome outcome, int files) => outcome.Error is null && (outcome.Gone || outcome.Done == files);

    private static IReadOnlyList<ProcessFacts> ProcessesOf(WithdrawnContainer container) =>
        [new(container.Pid, container.Started), .. container.Processes ?? []];

    private static WithdrawnContainer Record(ContainerWork work) => new(
        work.Namespace,
        work.Processes is [var first, ..] ? first.Pid : 0,
        work.Processes is [var oldest, ..] ? oldest.Started : 0,
        [.. work.Files.Select(file => new WithdrawnFile(file.Path, file.Target))],
        work.Processes,
        work.Named);
}
