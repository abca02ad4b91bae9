using LxcfsAgent.Plan;

namespace LxcfsAgent;

/// <summary>What the loop tells the probes and the node's label.</summary>
internal sealed class AgentState(TimeProvider clock)
{
    /// <summary>A loop that has not come round for so long is stuck; longer than any wait of its own.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    private long _beat = clock.GetTimestamp();

    /// <summary>What the agent is to its node.</summary>
    public Phase Phase { get; private set; }

    /// <summary>Why the agent isn't ready; null while it is.</summary>
    public string? NotReady { get; private set => Interlocked.Exchange(ref field, value); } = "LXCFS is starting";

    public bool IsAlive => clock.GetElapsedTime(Interlocked.Read(ref _beat)) < Stuck;

    public void Set(Phase phase, string? notReady) => (Phase, NotReady) = (phase, notReady);

    public void Beat() => Interlocked.Exchange(ref _beat, clock.GetTimestamp());
}
