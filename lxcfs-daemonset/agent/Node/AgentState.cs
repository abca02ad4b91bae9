namespace LxcfsAgent.Node;

/// <summary>What the supervisor tells the probes and the node's label.</summary>
internal sealed class AgentState(TimeProvider clock)
{
    /// <summary>A supervisor that has not come round for so long is stuck; longer than any wait of its own.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    private long _beat = clock.GetTimestamp();

    /// <summary>Why the agent isn't ready; null while it is.</summary>
    public string? NotReady { get; private set => Interlocked.Exchange(ref field, value); } = "LXCFS is starting";

    public bool IsAlive => clock.GetElapsedTime(Interlocked.Read(ref _beat)) < Stuck;

    public void Ready() => NotReady = null;

    public void Unready(string reason) => NotReady = reason;

    public void Beat() => Interlocked.Exchange(ref _beat, clock.GetTimestamp());
}
