using System.Diagnostics;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Apply;

/// <summary>Looks at the node's containers, and tells what was found: in metrics, in the log, and to the schedule of retries.</summary>
/// <param name="named">The namespaces of other user namespaces that the runtime has named.</param>
internal sealed class ContainerLook(
    WorkerPool workers, string nodeFolder, RetrySchedule retries, AgentMetrics metrics, ILogger logger, Func<IReadOnlyList<NamedNamespace>?>? named = null)
{
    /// <summary>While others may have to be repaired, who holds a look up is waited for no longer.</summary>
    private static readonly TimeSpan Pressing = TimeSpan.FromMilliseconds(250);

    private string _bounds = "";
    private string _unreadable = "";
    private int _from;

    /// <param name="details">Also the files that are served right.</param>
    /// <returns>What was found; null where that failed.</returns>
    public ContainerScan? Take(NodeSnapshot node, bool details)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            // Nor does anybody wait then for those that held somebody up before.
            var isPressing = node.Phase == Phase.Owner && !node.Repaired;
            var held = node.Retries
                .Where(retry => retry.Value.Error is WorkerPool.Held or WorkerPool.NotAwaited && (isPressing || retry.Value.Due > node.Now)).Select(retry => retry.Key);
            var scan = workers.Scan(new(details ? null : node.Lxcfs?.Device, [.. held], nodeFolder, details, _from, named?.Invoke()), isPressing ? Pressing : null);
            _from = scan.Summary.BrokenOffAt;
            Tell(scan, Stopwatch.GetElapsedTime(started), node.Now);
            return scan;
        }
#pragma warning disable CA1031 // Whatever it is, LXCFS goes on serving, and the next look tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            metrics.Errors.Add(1);
            metrics.IncompleteScans.Add(1);
            Log.NotScanned(logger, exception.Message);
            return null;
        }
    }

    /// <summary>
    /// Once killed workers have ended, who held one up is tried again as ever. It need not have been his doing: while a tenant keeps the kernel busy
    /// with mounts, every container's worker may be late, and slow to end.
    /// </summary>
    public void Release()
    {
        if (!workers.IsStuck)
            retries.Release();
    }

    private void Tell(ContainerScan scan, TimeSpan took, TimeSpan now)
    {
        foreach (var late in scan.Late)
        {
            retries.Failed(late, WorkerPool.Held, now, workers.LatePause);
            Log.NotRepaired(logger, late, WorkerPool.Held);
        }

        foreach (var left in scan.NotAwaited)
            retries.Failed(left, WorkerPool.NotAwaited, now);

        metrics.Scans.Add(1);
        metrics.ScanSeconds.Add(took.TotalSeconds);
        metrics.Containers.Set(scan.Summary.Served + scan.Containers.Count(container => container.Live > 0 || container.Files is { Count: > 0 }));
        metrics.OtherTargets.Set(scan.Containers.Sum(container => container.OtherTargets));
        metrics.ForeignNamespaces.Set(scan.Summary.ForeignNamespaces);
        metrics.Quarantined.Set(retries.Retries.Keys.Count(Retry.IsContainers));
        if (!scan.IsComplete || scan.Summary.Unreadable.Count > 0)
            metrics.IncompleteScans.Add(1);
        TellBounds(scan.Summary);
        TellUnreadable(scan.Summary);
    }

    /// <summary>Says them each time that they are others.</summary>
    private void TellUnreadable(ScanSummary summary)
    {
        var unreadable = string.Join(", ", summary.Unreadable.Select(place => $"{place.Namespace ?? "a mount namespace"} of process {place.Pid} ({place.Error})"));
        if (unreadable.Length > 0 && unreadable != _unreadable)
            Log.Unreadable(logger, unreadable);
        _unreadable = unreadable;
    }

    /// <summary>Counts bounds each time, and says them each time that others are hit.</summary>
    private void TellBounds(ScanSummary summary)
    {
        List<string> hit =
        [
            .. summary.TooLong.Select(name => $"{name} has more mounts than are read"),
            .. summary.BrokenOffAt == 0 ? (string[])[] : ["there was no time for every process"],
        ];
        metrics.BoundsHit.Add(hit.Count);
        var bounds = string.Join(", ", hit);
        if (bounds.Length > 0 && bounds != _bounds)
            Log.BoundHit(logger, bounds);
        _bounds = bounds;
    }
}
