using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>The agent on a node, with all that befalls it.</summary>
internal sealed class DaemonSet
{
    private readonly Node _node;
    private readonly NodeState _before;

    private DaemonSet(Node node, NodeState before, AgentContainer agent) => (_node, _before, Agent) = (node, before, agent);

    /// <summary>The container that serves the node.</summary>
    public AgentContainer Agent { get; private set; }

    /// <summary>How many pods it has had.</summary>
    public int Pods { get; private set; } = 1;

    /// <summary>What is on the node that was not there before the agents were.</summary>
    public NodeState Left => NodeState.Of(_node).Since(_before);

    /// <summary>What the agents keep on the node to agree among themselves.</summary>
    public int StateFiles => Directory.EnumerateFileSystemEntries(Path.Combine(_node.Parent, ".lxcfs-agent"), "*", SearchOption.AllDirectories).Count();

    public static async Task<DaemonSet> StartAsync(Node node) => new(node, NodeState.Of(node), await AgentContainer.ReadyAsync(node, "agent-1"));

    public async Task KillLxcfsAsync()
    {
        Libc.Signal(Assert.Single(Agent.Lxcfs), Libc.SigKill);
        await Agent.BecomesReadyAsync();
    }

    /// <summary>It answers nothing any more, but doesn't end.</summary>
    public async Task HangLxcfsAsync()
    {
        var hung = Assert.Single(Agent.Lxcfs);
        await Processes.StopAsync(hung);
        await Eventually.TrueAsync(() => Agent.Lxcfs is [var pid] && pid != hung, () => $"{hung} is not replaced: {Agent.Log}");
        await Agent.BecomesReadyAsync();
    }

    /// <summary>SIGKILL, and LXCFS with it; a kubelet starts the container again.</summary>
    public async Task KillAgentAsync()
    {
        await Agent.KillAsync();
        await Agent.StartAsync();
        await Agent.BecomesReadyAsync();
    }

    /// <summary>A new pod beside the old one, which is stopped then.</summary>
    public async Task UpgradeAsync()
    {
        var next = await AgentContainer.ReadyAsync(_node, $"agent-{++Pods}");
        await Agent.StopAsync();
        Agent = next;
    }

    /// <summary>As before an uninstallation, and the end of it; waits for a runtime's last processes.</summary>
    public async Task RemoveAsync()
    {
        await Agent.AgentAsync("cleanup");
        await Agent.StopAsync();
        for (var waited = TimeSpan.Zero; waited < Eventually.Patience && !Left.IsEmpty; waited += TimeSpan.FromSeconds(1))
            await Task.Delay(TimeSpan.FromSeconds(1));
    }
}
