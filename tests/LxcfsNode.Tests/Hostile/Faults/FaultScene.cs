using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Faults;

/// <summary>A node on which a phase is about to begin.</summary>
internal sealed class FaultScene(AgentContainer agent, Apps apps)
{
    /// <summary>Whose system calls fail.</summary>
    public AgentContainer Agent { get; } = agent;

    public Apps Apps { get; } = apps;

    /// <summary>Those of its processes whose calls fail, with all that they start.</summary>
    public Func<IReadOnlyList<int>> Processes { get; init; } = () => [agent.Agent, .. agent.Workers];

    /// <summary>Has the phase begin.</summary>
    public required Func<Task> BeginAsync { get; init; }

    /// <summary>Waits until what the phase is for is done, once nothing fails any more.</summary>
    public required Func<Task> EndAsync { get; init; }

    /// <summary>The LXCFS that has to live on, and be read without an error, as long as calls fail; null where it is dead.</summary>
    public int? Serving { get; init; }

    /// <summary>Whether it is another agent of the same container whose calls fail, and that counts them.</summary>
    public bool IsNextAgents { get; init; }

    /// <summary>Whether containers may see the node's values meanwhile.</summary>
    public bool MaySeeTheNode { get; init; }

    /// <summary>Whose failures must have ended with the phase: the agent that is there then.</summary>
    public Func<AgentContainer> Last { get; init; } = () => agent;

    /// <summary>All that an operator is alerted of.</summary>
    public static async Task<double> FailuresAsync(AgentContainer agent)
    {
        var metrics = await agent.MetricsAsync();
        return metrics["lxcfs_agent_errors_total"] + metrics["lxcfs_agent_repair_faults_total"] + metrics["lxcfs_agent_incomplete_scans_total"]
            + metrics["lxcfs_agent_workers_killed_total"];
    }

    public void AssertServes()
    {
        Assert.True(Agent.IsRunning, Agent.Log);
        if (Serving is not { } lxcfs)
            return;
        Assert.True(Rig.Processes.Status(lxcfs, "State") is not null, $"LXCFS has ended: {Agent.Log}");
        if (MaySeeTheNode)
            Apps.AssertNeverFailed();
        else
            Apps.AssertFlawless();
    }
}
