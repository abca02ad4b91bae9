using LxcfsAgent.State;

namespace LxcfsAgent.Tests;

/// <summary>The folders that the agents of nodes share, one a node.</summary>
internal sealed class AgentFolders : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private int _nodes;

    /// <summary>What was said of what lies there.</summary>
    public List<string> Said { get; } = [];

    public StateFolder NewNode() => new($"{_path}/{_nodes++}", Said.Add);

    public static AgentLease Join(StateFolder folder, string instance) => AgentLease.Join(folder, instance);

    public static bool Claim(AgentLease agent) => agent.TryClaim(agent.Observe().Owner);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
