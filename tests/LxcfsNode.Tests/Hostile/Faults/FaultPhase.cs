namespace LxcfsNode.Tests.Hostile.Faults;

/// <summary>What an agent is about to do when system calls of it begin to fail.</summary>
public enum FaultPhase
{
    /// <summary>A container of another project's LXCFS, which ends, has to be moved to ours.</summary>
    Repair,

    /// <summary>The same, and the workers that would do it have ended.</summary>
    NewWorker,

    /// <summary>LXCFS has ended: another has to be started and mounted, and every container to be moved to it.</summary>
    Replacement,

    /// <summary>The node's last agent is told to stop, and takes LXCFS out of every container.</summary>
    Withdrawal,

    /// <summary>Files that an agent took out of a container are to be given back.</summary>
    Restoration,

    /// <summary>The owner of the node was told to stop, and this agent stood by to take the node.</summary>
    Claim,

    /// <summary>The owner was told to stop, and has to let the one that stands by take the node.</summary>
    Release,

    /// <summary>The agent has died, and the next one has to take over the LXCFS that lives.</summary>
    Adoption,
}
