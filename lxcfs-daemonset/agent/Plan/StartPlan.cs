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
        if (node.Agents.OthersLive)
            return node.Agents.Owns && node.May(nameof(ReleaseNode)) ? waiting with { Actions = [new ReleaseNode()] } : waiting;
        return WithdrawPlan.Next(node, waitForReaders: false) is { } step
            ? waiting with { Actions = step.Actions, Scan = step.Scan, Details = true, Wait = TimeSpan.Zero }
            : waiting with { NextScan = node.Scan is null ? null : node.ScanEvery };
    }

    private static TimeSpan Due(NodeSnapshot node) =>
        node.Retries.TryGetValue(nameof(StartLxcfs), out var retry) && retry.Due > node.StartDue ? retry.Due : node.StartDue;
}
