namespace LxcfsAgent.Plan;

/// <summary>How an agent that is told to stop leaves its node.</summary>
internal static class StopPlan
{
    public static NodePlan Of(NodeSnapshot node)
    {
        // The successor is ready, and the node's label says so: this one doesn't take that back.
        return node.Agents.OthersLive && !IsForsaken(node) ? HandOver(node) : Withdraw(node) with { NotReady = "the agent stops, and no other takes the node over" };
    }

    /// <summary>Another agent moves every container away from this LXCFS; until then it must serve.</summary>
    private static NodePlan HandOver(NodeSnapshot node)
    {
        if (node.Agents.Owns && node.May(nameof(ReleaseNode)))
            return new(Phase.HandingOver) { Actions = [new ReleaseNode()], Scan = true };
        if (node.Lxcfs is not { Health: LxcfsHealth.Right, Device: { } device } || HasWaited(node))
            return Stop(node);
        // Twice, since between two looks a container may have been given its files.
        var unused = node.Scan is { ShowsAll: true } scan && !IsUsed(node, scan, device) ? node.UnusedLooks + 1 : 0;
        return unused >= 2
            ? Stop(node)
            : new(Phase.HandingOver) { Scan = true, UnusedLooks = unused, Wait = Timing.HandOverTick };
    }

    private static NodePlan Withdraw(NodeSnapshot node)
    {
        if (HasWaited(node))
            return Stop(node);
        // A dead LXCFS answers nobody who has opened a file of it.
        var step = WithdrawPlan.Next(node, waitForReaders: node.Lxcfs?.Health == LxcfsHealth.Right);
        if (step is { } next)
            return new(Phase.Withdrawing) { Actions = next.Actions, Scan = next.Scan, Details = true };
        return WithdrawPlan.IsHeldUp(node) ? new(Phase.Withdrawing) { Scan = true, Details = true, Wait = Timing.HandOverTick } : Stop(node);
    }

    private static NodePlan Stop(NodeSnapshot node) => new(Phase.Stopped)
    {
        Actions =
        [
            .. node.Agents.Owns ? (NodeAction[])[new ReleaseNode()] : [],
            .. node.Lxcfs is null ? (NodeAction[])[] : [new StopLxcfs("the agent stops")],
        ],
    };

    private static bool HasWaited(NodeSnapshot node) => node.Now - node.StopSince > Timing.LongestStop;

    /// <summary>Whether others live, and none of them takes the node: they stop as well, or their LXCFS doesn't come to right.</summary>
    private static bool IsForsaken(NodeSnapshot node) =>
        node.Now - node.StopSince > Timing.LongestStop / 2 && (node.Agents.Owns || node.Agents.Owner == 0);

    private static bool IsUsed(NodeSnapshot node, Worker.ContainerScan scan, string device) =>
        (node.AtRoot is [.., var top] && top.Device == device)
        || scan.Summary.Served > 0
        || scan.Containers.Any(container => container.Live > 0 || container.Files?.Any(file => file.Layer == Worker.FileLayer.Top && file.Device == device) == true);
}
