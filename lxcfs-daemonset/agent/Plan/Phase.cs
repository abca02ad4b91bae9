namespace LxcfsAgent.Plan;

/// <summary>What the agent is to its node. <c>docs/agent-states.md</c> draws the ways from one to another.</summary>
internal enum Phase
{
    /// <summary>No LXCFS of this agent answers right yet.</summary>
    Starting,

    /// <summary>Its LXCFS answers right, and another agent serves the node.</summary>
    Standby,

    /// <summary>Serves ROOT and repairs containers.</summary>
    Owner,

    /// <summary>Told to stop; another agent takes the containers over, and LXCFS serves until none is left.</summary>
    HandingOver,

    /// <summary>Told to stop with no other agent there: containers get the node's own files back.</summary>
    Withdrawing,

    /// <summary>LXCFS keeps failing: containers have the node's own files, or another agent serves them, until the next try.</summary>
    SteppingBack,

    /// <summary>LXCFS was cleaned up from this node; the agent idles until its pod is deleted.</summary>
    CleanedUp,

    /// <summary>The kernel lacks calls that the agent can't do without.</summary>
    Unsupported,

    /// <summary>Nothing is left to do; the program ends.</summary>
    Stopped,
}
