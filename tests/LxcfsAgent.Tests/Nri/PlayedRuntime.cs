using System.Net.Sockets;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

/// <summary>The runtime's side of a real socket, one plugin at a time. Disposed, it is gone as one that was killed.</summary>
internal sealed class PlayedRuntime : IDisposable
{
    private const int Patience = 60_000;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Multiplexer _heard = new();
    private readonly byte[] _buffer = new byte[1000];
    private Socket? _plugin;
    private uint _stream = 1;

    public PlayedRuntime(string socket)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        // What a killed one has left behind.
        File.Delete(socket);
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        _listener.Listen(1);
    }

    /// <summary>Waits for a plugin that connects and asks to be registered, and says yes.</summary>
    public void Accept()
    {
        Assert.True(_listener.Poll(Patience * 1000, SelectMode.SelectRead), "nobody connects");
        _plugin?.Dispose();
        _plugin = _listener.Accept();
        _plugin.ReceiveTimeout = Patience;
        Wait(() => _heard.Responses.Messages.Count > 0);
        var request = TtrpcRequest.Parse(_heard.Responses.Messages.Dequeue().Payload);
        Assert.Equal("RegisterPlugin"u8, request.Method);
        Send(RuntimeMessages.Accept());
    }

    /// <summary>All that containerd does at a registration.</summary>
    public void Register(params NriPod[] pods)
    {
        Accept();
        Call("Configure", RuntimeMessages.Configure());
        Call("Synchronize", RuntimeMessages.Synchronize(pods, []));
    }

    public TtrpcResponse Call(string method, byte[] payload)
    {
        _stream += 2;
        Send(RuntimeMessages.Call(method, payload, _stream));
        Wait(() => _heard.Requests.Messages.Any(message => message.Stream == _stream));
        return TtrpcResponse.Parse(_heard.Requests.Messages.Single(message => message.Stream == _stream).Payload);
    }

    public void Send(ReadOnlySpan<byte> bytes) => _plugin!.Send(bytes);

    /// <summary>Waits until the plugin ends the connection.</summary>
    public void AwaitEnd() => Assert.Equal(0, _plugin!.Receive(_buffer));

    public void Dispose()
    {
        _plugin?.Dispose();
        _listener.Dispose();
    }

    private void Wait(Func<bool> isThere)
    {
        while (!isThere())
        {
            var count = _plugin!.Receive(_buffer);
            Assert.True(count > 0, "the plugin is gone");
            _heard.Receive(_buffer.AsSpan(0, count));
        }
    }
}
