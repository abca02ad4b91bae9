namespace LxcfsAgent.Plan;

/// <summary>What to do next, and what the agent is meanwhile.</summary>
internal sealed record NodePlan(Phase Phase)
{
    /// <summary>In this order; after one that fails, the rest is left to the next plan.</summary>
    public IReadOnlyList<NodeAction> Actions { get; init; } = [];

    /// <summary>Whether the next snapshot is to show the containers.</summary>
    public bool Scan { get; init; }

    /// <summary>Whether that is to show files that are served right, too.</summary>
    public bool Details { get; init; }

    /// <summary>How long to wait for the next snapshot, unless something happens before.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Why the agent isn't ready; null when it is.</summary>
    public string? NotReady { get; init; }

    /// <summary>When the containers are to be looked at again, counted from now; null leaves that as it is.</summary>
    public TimeSpan? NextScan { get; init; }

    /// <summary>As in the snapshot, or as it is by now.</summary>
    public bool Repaired { get; init; }

    /// <summary>As in the snapshot, counted on.</summary>
    public int UnusedLooks { get; init; }
}
