namespace LxcfsNode.Tests.Rig;

/// <summary>A node with an LXCFS for all tests that only read; started for the first of them, since to import the programs takes long.</summary>
public sealed class ProgramsNode : IAsyncDisposable
{
    private Node? _node;

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
    }

    internal async Task<Node> StartedAsync()
    {
        if (_node is not null)
            return _node;
        Artifacts.Require("programs.tar");
        _node = await Node.StartAsync();
        await SiblingLxcfs.StartAsync(_node);
        return _node;
    }
}
