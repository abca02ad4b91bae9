namespace LxcfsAgent.Plan;

/// <summary>While this agent has no LXCFS: start one, or wait for the next try without leaving anybody with a dead one.</summary>
internal static class StartPlan
{
    public static NodePlan Of(NodeSnapshot node)
    {
        if (node.Adoptable is { } mountPoint && node.May(nameof(AdoptLxcfs)))
            return Now(node, new AdoptLxcfs(mountPoint));
        return node.StartDue <= node.Now && node.May(nameof(StartLxcfs)) ? Now(node, new StartLxcfs()) : StepBack(node);
    }

    private static NodePlan Now(NodeSnapshot node, NodeAction action) => new(Phase.Starting)
    {
        Actions = [action],
        NotReady = node.LastError ?? "LXCFS is starting",
    };

    private static NodePlan StepBack(NodeSnapshot node)
    {
        var untilStart = Due(node) - node.Now;
        var waiting = new NodePlan(Phase.SteppingBack)
        {
            NotReady = node.ErrorOf(nameof(StartLxcfs)) ?? node.LastError ?? "LXCFS could not be started",
            Wait = untilStart < Timing.OwnerTick ? untilStart : Timing.OwnerTick,
        };
        if ((!node.Agents.OthersLive || IsForsaken(node)) && WithdrawPlan.Next(node, waitForReaders: false) is { } step)
            return waiting with { Actions = step.Actions, Scan = step.Scan, Details = true, Wait = TimeSpan.Zero };
        if (node.Agents is { OthersLive: true, Owns: true } && node.May(nameof(ReleaseNode)))
            return waiting with { Actions = [new ReleaseNode()] };
        return waiting with { NextScan = node.Scan is not { } scan ? null : scan.IsComplete ? node.ScanEvery : Timing.SettlingScan };
    }

    /// <summary>Whether others live, and none of them takes the node: their LXCFS doesn't come to right either.</summary>
    private static bool IsForsaken(NodeSnapshot node) =>
        node.Phase == Phase.SteppingBack && node.Now - node.PhaseSince > Timing.Forsaken
        && (node.Agents.Owns || (node.Agents.Owner == 0 && WithdrawPlan.ShowsLxcfs(node)));

    private static TimeSpan Due(NodeSnapshot node) =>
        node.Retries.TryGetValue(nameof(StartLxcfs), out var retry) && retry.Due > node.StartDue ? retry.Due : node.StartDue;
}
