using LxcfsAgent.Worker;

namespace LxcfsAgent.Plan;

/// <summary>While this agent's LXCFS answers right: serve the node, or stand by for the agent that does.</summary>
internal static class ServePlan
{
    public static NodePlan Of(NodeSnapshot node)
    {
        if (node.Agents.Owns)
            return Serve(node, node.Lxcfs!);
        if (node.Agents.MayClaim && node.May(nameof(ClaimNode)))
            return new(node.Phase) { Actions = [new ClaimNode(node.Agents.Owner)], NotReady = node.Phase == Phase.Standby ? null : "LXCFS is starting", Scan = true };
        return new(Phase.Standby) { NotReady = node.Agents.MayClaim ? node.ErrorOf(nameof(ClaimNode)) : null, Wait = Timing.StandbyTick };
    }

    private static NodePlan Serve(NodeSnapshot node, LxcfsState lxcfs)
    {
        var othersLive = node.Agents.OthersLive;
        var served = node.AtRoot is [.., { IsLxcfs: true } top] && top.Device == lxcfs.Device;
        var plan = new NodePlan(Phase.Owner) { Repaired = node.Repaired, NotReady = NotReady(node, served) };
        if (!served)
        {
            return node.May(nameof(PublishRoot))
                ? plan with { Actions = [new PublishRoot(lxcfs.MountPoint, lxcfs.Device!, WaitForUsers: othersLive)], Scan = true }
                : plan with { Wait = Timing.OwnerTick };
        }

        // What is mounted and dead is repaired: there is nothing to give back before.
        var known = node.Scan is null ? [] : Stale(node, node.Scan, lxcfs.Device!);
        var stale = known.FindAll(work => node.May(work.Namespace));
        var restorable = node.Withdrawn
            .Where(container => node.May(container.MountNamespace) && !stale.Exists(work => work.Namespace == container.MountNamespace)).ToList();
        if (restorable.Count > 0 && node.May(nameof(RestoreFiles)))
            return plan with { Actions = [new RestoreFiles(lxcfs.MountPoint, restorable)], Scan = true };
        if (node.Scan is not { } scan)
            return node.ScanDue <= node.Now ? plan with { Scan = true } : plan with { Wait = Until(node, node.ScanDue) };

        if (stale.Count > 0 && node.May(nameof(RepairContainers)))
            return plan with { Actions = [new RepairContainers(lxcfs.MountPoint, WaitForReaders: othersLive, stale)], Scan = true };
        // What was not looked at, or could not be begun with, may need to be repaired still, and an LXCFS that was left to serve somebody.
        if (!scan.IsComplete || stale.Count > 0)
        {
            var period = node.Repaired && stale.Count == 0 ? NextScan(node) : Timing.SettlingScan;
            return plan with { NextScan = period, Wait = Until(node, node.Now + period) };
        }

        var next = NextScan(node);
        return plan with
        {
            Repaired = true,
            NotReady = null,
            Actions = MayRemove(node, scan, known.Count) ? Leftovers(node, lxcfs.MountPoint) : [],
            NextScan = next,
            Wait = Until(node, node.Now + next),
        };
    }

    /// <summary>Who sees a new agent ready may end the old one: by then no container is bound to the old LXCFS.</summary>
    private static string? NotReady(NodeSnapshot node, bool served) =>
        !served ? node.ErrorOf(nameof(PublishRoot)) ?? "ROOT does not show this LXCFS yet"
        : node.Repaired ? null
        : "containers are still moved to this LXCFS";

    /// <summary>The processes by which a container is entered.</summary>
    public static IReadOnlyList<ProcessFacts> ProcessesOf(ContainerFacts container) => container.Processes is { Count: > 0 } known ? known : [new(container.Pid, 0)];

    private static List<ContainerWork> Stale(NodeSnapshot node, ContainerScan scan, string live)
    {
        var judge = FileJudge.Of(node, live);
        return
        [
            .. scan.Containers
                .Select(container => new ContainerWork(
                    container.Namespace,
                    ProcessesOf(container),
                    [.. (container.Files ?? []).Where(file => judge.StateOf(container, file) == FileState.Stale)],
                    container.Named))
                .Where(work => work.Files.Count > 0),
        ];
    }

    /// <summary>
    /// Who could not be looked at, or is to be repaired yet, may be served by what is left; who may never be looked at is nobody's to repair either.
    /// </summary>
    private static bool MayRemove(NodeSnapshot node, ContainerScan scan, int stale) =>
        (scan.ShowsAll && scan.Skipped == 0 && stale == 0) || (scan.ShowsAllThatMayBeSeen && node.Now - node.PhaseSince > Timing.LongestUnreadable);

    /// <summary>What dead agents left. An LXCFS among it may have served until now: it goes last.</summary>
    private static List<NodeAction> Leftovers(NodeSnapshot node, string mine) =>
    [
        .. node.MountPoints
            .Where(point => point.Path != mine && (point.Generation == node.Agents.Own || !node.Agents.Lives(point.Generation)))
            .Select(point => new RemoveMountPoint(point.Path))
            .Where(action => node.May(action.Key)),
    ];

    /// <summary>Sooner than the period where a container is to be tried again by then.</summary>
    private static TimeSpan NextScan(NodeSnapshot node)
    {
        var period = ScanPeriod(node);
        // Of those that are due already, a scan has shown all but the ones that it was to leave out.
        var due = node.Retries
            .Where(retry => Retry.IsContainers(retry.Key) && (retry.Value.Due > node.Now || node.Scan is { Skipped: > 0 }))
            .Select(retry => retry.Value.Due - node.Now).DefaultIfEmpty(period).Min();
        var allowed = node.ScanUsed * Timing.RetryShare;
        return Min(period, Max(due, Max(Timing.SettlingScan, Min(allowed, Timing.LongestRetryPeriod))));

        static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
        static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
    }

    private static TimeSpan ScanPeriod(NodeSnapshot node)
    {
        var settling = node.Now - node.PhaseSince < Timing.Settling || node.Phase != Phase.Owner;
        var wanted = settling && node.ScanEvery > Timing.SettlingScan ? Timing.SettlingScan : node.ScanEvery;
        var allowed = node.ScanUsed * Timing.ScanShare;
        if (allowed > Timing.LongestScanPeriod)
            allowed = Timing.LongestScanPeriod;
        return settling || allowed <= wanted ? wanted : allowed;
    }

    private static TimeSpan Until(NodeSnapshot node, TimeSpan due)
    {
        var wait = due - node.Now;
        return wait < Timing.OwnerTick ? wait : Timing.OwnerTick;
    }
}
