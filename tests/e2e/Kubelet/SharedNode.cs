using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>A node that runs the built image of the agent, for all tests that break nothing; started for the first of them.</summary>
public sealed class SharedNode : IAsyncDisposable
{
    private Node? _node;
    private PlayedKubelet? _kubelet;

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
    }

    internal async Task<PlayedKubelet> KubeletAsync()
    {
        if (_kubelet is not null)
            return _kubelet;
        _node = await Node.StartAsync();
        _kubelet = await PlayedKubelet.StartAsync(_node);
        await AgentContainer.ReadyAsync(_node, "agent");
        return _kubelet;
    }
}
