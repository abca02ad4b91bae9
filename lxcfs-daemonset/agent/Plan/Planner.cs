namespace LxcfsAgent.Plan;

/// <summary>
/// What an agent does next, from what it sees. Pure: the same snapshot gives the same plan, and a plan that was carried out is not made
/// again, since the next snapshot shows what came of it.
/// </summary>
internal static class Planner
{
    public static NodePlan Plan(NodeSnapshot node) => node switch
    {
        { Phase: Phase.Stopped } => new(Phase.Stopped),
        { KernelLacks: { } lack } => Unsupported(node, lack),
        // Also once another agent has made the folder again: this one has no place in it.
        { Agents.Joined: false } or { Phase: Phase.CleanedUp } => CleanedUp(node),
        { StopRequested: true } => StopPlan.Of(node),
        { Lxcfs: null } => StartPlan.Of(node),
        { Lxcfs.Health: LxcfsHealth.Starting } => Starting(node),
        { Lxcfs.Health: LxcfsHealth.Right } => ServePlan.Of(node),
        { Lxcfs: { } lxcfs } => Replace(lxcfs),
    };

    private static NodePlan Unsupported(NodeSnapshot node, string lack) => new(node.StopRequested ? Phase.Stopped : Phase.Unsupported)
    {
        NotReady = lack,
        Wait = Timing.OwnerTick,
    };

    private static NodePlan CleanedUp(NodeSnapshot node) => new(node.StopRequested ? Phase.Stopped : Phase.CleanedUp)
    {
        Actions = node.Lxcfs is null ? [] : [new StopLxcfs("LXCFS was cleaned up from this node")],
        NotReady = "LXCFS was cleaned up from this node; delete this pod to serve it again",
        Wait = Timing.OwnerTick,
    };

    private static NodePlan Starting(NodeSnapshot node) => new(Phase.Starting)
    {
        NotReady = node.LastError ?? "LXCFS is starting",
        Wait = Timing.StartTick,
    };

    private static NodePlan Replace(LxcfsState lxcfs) => new(Phase.Starting)
    {
        Actions = [new StopLxcfs(lxcfs.Error ?? $"LXCFS {lxcfs.Pid} has ended")],
        NotReady = lxcfs.Error ?? "LXCFS has ended and is started again",
    };
}
