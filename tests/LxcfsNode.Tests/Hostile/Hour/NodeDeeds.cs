using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>What befalls the node's half meanwhile; and the agent that serves.</summary>
internal sealed class NodeDeeds(Node node, AgentContainer first)
{
    private int _pods = 1;

    public AgentContainer Agent { get; private set; } = first;

    public IReadOnlyList<Deed> Table =>
    [
        new("LXCFS killed", 4, async _ =>
        {
            await Agent.SettlesAsync();
            EndLxcfs();
        }),
        new("agent killed", 4, async _ => await Agent.KillAgentAsync()),
        new("both killed", 1, async _ =>
        {
            await Agent.SettlesAsync();
            EndLxcfs();
            await Agent.KillAgentAsync();
        }),
        new("worker killed", 2, _ =>
        {
            foreach (var worker in Agent.Workers)
                Processes.End(worker);
            return Task.CompletedTask;
        }),
        new("upgrade", 1, async _ =>
        {
            var next = await AgentContainer.WatchfulAsync(node, $"agent-{++_pods}");
            await Agent.StopAsync();
            Agent = next;
        }),
    ];

    /// <summary>None where a tenant has just ended it, by its memory.</summary>
    private void EndLxcfs()
    {
        foreach (var pid in Agent.Lxcfs)
            Processes.End(pid);
    }
}
