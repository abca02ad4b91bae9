using System.Diagnostics;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Apply;

/// <summary>
/// The actions on containers: all by workers, without the node's lock. Each container that fails is tried again by itself, with growing
/// pauses, and holds no other up.
/// </summary>
internal sealed class ContainerActions(WorkerPool workers, WithdrawnFiles withdrawn, RetrySchedule retries, AgentMetrics metrics, ILogger logger)
{
    /// <summary>A container that is being created has its files elsewhere once it has changed to its own root: a second and a third time is nothing odd.</summary>
    private const int Repeats = 3;

    /// <summary>After so many tries, what is mounted over a file to be restored is there to stay.</summary>
    private const int MostRestores = 8;

    public bool Repair(RepairContainers repair, NodeSnapshot node)
    {
        var started = Stopwatch.GetTimestamp();
        var outcomes = workers.Work(new(WorkKind.Replace, repair.MountPoint, PatienceFor(repair.WaitForReaders), repair.Containers));
        var took = Stopwatch.GetElapsedTime(started);
        var stale = repair.Containers.Sum(work => work.Files.Count);
        var repaired = outcomes.Sum(outcome => outcome.Done);
        metrics.RepairPasses.Add(1);
        metrics.RepairSeconds.Add(took.TotalSeconds);
        metrics.Stale.Add(stale);
        metrics.Repairs.Add(repaired);
        Log.Repaired(logger, repaired, stale, repair.Containers.Count, (long)took.TotalMilliseconds);
        Note(outcomes, repair.MountPoint, node);
        Remember(outcomes, repair.Containers, node);
        return true;
    }

    public bool Withdraw(WithdrawFiles withdraw, NodeSnapshot node)
    {
        withdrawn.Write([.. Known(node, withdraw.Containers), .. withdraw.Containers.Select(Record)]);
        var outcomes = workers.Work(new(WorkKind.Remove, null, PatienceFor(withdraw.WaitForReaders), withdraw.Containers));
        Log.Withdrew(logger, outcomes.Sum(outcome => outcome.Done), withdraw.Containers.Count);
        Note(outcomes, "withdrawal", node);
        return true;
    }

    public bool Restore(RestoreFiles restore, NodeSnapshot node)
    {
        var work = restore.Containers.Select(Work).Where(container => container.Files.Count > 0).ToList();
        var outcomes = work.Count == 0 ? [] : workers.Work(new(WorkKind.Add, restore.MountPoint, 0, work));
        // What failed stays on record, and is tried again. So does, for some times, what something is mounted over: an agent that has not ended
        // yet may be about to take that away.
        var wanted = work.ToDictionary(container => container.Namespace, container => container.Files.Count);
        var failed = outcomes
            .Where(outcome => outcome.Error is not null
                || (!outcome.Gone && outcome.Done < wanted[outcome.Namespace] && retries.TimesOf(outcome.Namespace) < MostRestores))
            .Select(outcome => outcome.Namespace)
            .Concat(wanted.Keys.Except(outcomes.Select(outcome => outcome.Namespace))).ToHashSet();
        var tried = restore.Containers.Select(container => container.MountNamespace).ToHashSet();
        withdrawn.Write([.. node.Withdrawn.Where(container => !tried.Contains(container.MountNamespace) || failed.Contains(container.MountNamespace))]);
        Log.Restored(logger, outcomes.Sum(outcome => outcome.Done), outcomes.Count(outcome => outcome is { Gone: false, Error: null }));
        Note(outcomes, restore.MountPoint, node);
        return true;
    }

    /// <summary>Puts on record what was lost, so that it is given back like what an agent took away.</summary>
    private void Remember(IReadOnlyList<WorkOutcome> outcomes, IReadOnlyList<ContainerWork> containers, NodeSnapshot node)
    {
        var lost = outcomes.Where(outcome => outcome.Lost is not null).ToDictionary(outcome => outcome.Namespace, outcome => outcome.Lost!);
        if (lost.Count == 0)
            return;
        List<ContainerWork> without = [.. containers.Where(work => lost.ContainsKey(work.Namespace)).Select(work => work with { Files = [lost[work.Namespace]] })];
        withdrawn.Write([.. Known(node, without), .. without.Select(Record)]);
    }

    /// <summary>What is on record of other containers than these.</summary>
    private static IEnumerable<WithdrawnContainer> Known(NodeSnapshot node, IReadOnlyList<ContainerWork> containers)
    {
        var names = containers.Select(work => work.Namespace).ToHashSet();
        return node.Withdrawn.Where(container => !names.Contains(container.MountNamespace));
    }

    private static WithdrawnContainer Record(ContainerWork work) => new(
        work.Namespace,
        work.Processes is [var first, ..] ? first.Pid : 0,
        work.Processes is [var oldest, ..] ? oldest.Started : 0,
        [.. work.Files.Select(file => new WithdrawnFile(file.Path, file.Target))],
        work.Processes);

    /// <summary>Only files at their own paths: a record that says otherwise is none of ours.</summary>
    private static ContainerWork Work(WithdrawnContainer container) => new(
        container.MountNamespace,
        [new(container.Pid, container.Started), .. container.Processes ?? []],
        [
            .. container.Files.Where(file => FileIdentity.IsOwnTarget(file.Path, file.Target))
                .Select(file => new FileFacts(file.Path, file.Target, FileLayer.Top, 0, "")),
        ]);

    private static int PatienceFor(bool readers) => readers ? WorkRequest.ReadingMilliseconds : 0;

    private void Note(IEnumerable<WorkOutcome> outcomes, string cause, NodeSnapshot node)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Gone)
            {
                retries.Forget(outcome.Namespace);
            }
            else if (outcome.Error is { } error)
            {
                metrics.Faults.Add(1);
                retries.Failed(outcome.Namespace, error, node.Now, error == WorkerPool.Held ? workers.LatePause : TimeSpan.Zero);
                Log.NotRepaired(logger, outcome.Namespace, error);
            }
            else
            {
                retries.Done(outcome.Namespace, cause, node.Now, Repeats);
            }
        }
    }
}
