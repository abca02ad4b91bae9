using System.Diagnostics;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Apply;

/// <summary>
/// The actions on containers: all by workers, without the node's lock. Each container that fails is tried again by itself, with growing
/// pauses, and holds no other up.
/// </summary>
/// <param name="canPutBeneath">Whether the kernel can mount a file before the one that it replaces is gone (Linux 6.5).</param>
internal sealed class ContainerActions(
    WorkerPool workers, WithdrawnFiles withdrawn, RetrySchedule retries, bool canPutBeneath, AgentMetrics metrics, ILogger logger)
{
    /// <summary>A container that is being created has its files elsewhere once it has changed to its own root: a second and a third time is nothing odd.</summary>
    public const int Repeats = 3;

    private HashSet<string> LateBefore => [.. retries.Retries.Where(retry => retry.Value.Error == WorkerPool.Held).Select(retry => retry.Key)];

    public bool Repair(RepairContainers repair, NodeSnapshot node)
    {
        var started = Stopwatch.GetTimestamp();
        var outcomes = Replace(repair, node, isRecorded: !canPutBeneath);
        // Newer kernels can't for some mounts: where what is mounted at the folder comes up at the file, too.
        var first = outcomes.Where(outcome => outcome.NeedsRecord).ToDictionary(outcome => outcome.Namespace);
        if (first.Count > 0)
        {
            var again = Replace(
                repair with { Containers = [.. repair.Containers.Where(work => first.ContainsKey(work.Namespace))] }, node, isRecorded: true, of => first[of].Done);
            outcomes = [.. outcomes.Where(outcome => !outcome.NeedsRecord), .. again];
        }

        var took = Stopwatch.GetElapsedTime(started);
        var stale = repair.Containers.Sum(work => work.Files.Count);
        var repaired = outcomes.Sum(outcome => outcome.Done);
        metrics.RepairPasses.Add(1);
        metrics.RepairSeconds.Add(took.TotalSeconds);
        metrics.Stale.Add(stale);
        metrics.Repairs.Add(repaired);
        Log.Repaired(logger, repaired, stale, repair.Containers.Count, (long)took.TotalMilliseconds);
        Note(outcomes, repair.MountPoint, node);
        return true;
    }

    /// <summary>Where a file is detached before its new mount is attached, whoever dies between the two leaves a container without it, unless it is on record.</summary>
    /// <param name="doneBefore">How many files of a container were replaced already.</param>
    private List<WorkOutcome> Replace(RepairContainers repair, NodeSnapshot node, bool isRecorded, Func<string, int>? doneBefore = null)
    {
        if (isRecorded)
            TryWrite(WithdrawnRecord.With(node.Withdrawn, repair.Containers));
        var outcomes = workers.Work(
            new(WorkKind.Replace, repair.MountPoint, PatienceFor(repair.WaitForReaders), repair.Containers, isRecorded), LateBefore)
            .Select(outcome => outcome with { Done = outcome.Done + (doneBefore?.Invoke(outcome.Namespace) ?? 0) }).ToList();
        if (isRecorded)
            TryWrite(WithdrawnRecord.AfterRepair(node.Withdrawn, repair.Containers, outcomes));
        return outcomes;
    }

    public bool Withdraw(WithdrawFiles withdraw, NodeSnapshot node)
    {
        withdrawn.Write(WithdrawnRecord.With(node.Withdrawn, withdraw.Containers));
        var outcomes = workers.Work(new(WorkKind.Remove, null, PatienceFor(withdraw.WaitForReaders), withdraw.Containers), LateBefore);
        Log.Withdrew(logger, outcomes.Sum(outcome => outcome.Done), withdraw.Containers.Count);
        Note(outcomes, WithdrawFiles.Cause, node);
        return true;
    }

    public bool Restore(RestoreFiles restore, NodeSnapshot node)
    {
        var work = WithdrawnRecord.Work(restore.Containers);
        var outcomes = work.Count == 0 ? [] : workers.Work(new(WorkKind.Add, restore.MountPoint, 0, work), LateBefore);
        withdrawn.Write(WithdrawnRecord.AfterRestore(node.Withdrawn, restore.Containers, outcomes, retries.TimesOf));
        Log.Restored(logger, outcomes.Sum(outcome => outcome.Done), outcomes.Count(outcome => outcome is { Gone: false, Error: null }));
        Note(outcomes, restore.MountPoint, node);
        return true;
    }

    /// <summary>A full disk is no reason to leave containers without a view.</summary>
    private void TryWrite(IReadOnlyList<WithdrawnContainer> record)
    {
        try
        {
            withdrawn.Write(record);
        }
        catch (IOException exception)
        {
            metrics.Errors.Add(1);
            Log.Noted(logger, $"what a repair may lose could not be recorded: {exception.Message}");
        }
    }

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
