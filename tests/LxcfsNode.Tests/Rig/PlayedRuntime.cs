using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using LxcfsFunctions.Lxcfs;

namespace LxcfsNode.Tests.Rig;

/// <summary>
/// The runtime's side of NRI, in its least: no package of Debian's has it. It says what a containerd says, with the numbers of real containers.
/// </summary>
internal sealed class PlayedRuntime : IDisposable
{
    /// <summary>Where an agent's container has the socket, which lies in the folder that it mounts anyway.</summary>
    public const string Socket = "/var/lib/lxc/nri/nri.sock";

    private const byte Request = 1, Response = 2;
    private const uint PluginSide = 1, RuntimeSide = 2;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Socket? _plugin;
    private uint _stream = 1;

    public PlayedRuntime(Node node)
    {
        var path = Path.Combine(node.Parent, "nri/nri.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    /// <summary>Registers whoever connects, and lists containers.</summary>
    public void Register(params NamedContainer[] containers)
    {
        _plugin?.Dispose();
        Assert.True(_listener.Poll(Eventually.Patience, SelectMode.SelectRead), "no plugin connects");
        _plugin = _listener.Accept();
        _plugin.ReceiveTimeout = (int)Eventually.Patience.TotalMilliseconds;
        Assert.Contains("RegisterPlugin", Encoding.Latin1.GetString(Read(RuntimeSide)), StringComparison.Ordinal);
        Send(RuntimeSide, 1, Response, []);
        Call("Configure", [.. Text(1, ""), .. Text(2, "containerd"), .. Text(3, "v2.1.0")]);
        Call("Synchronize", [.. containers.SelectMany(one => Bytes(1, one.Pod)), .. containers.SelectMany(one => Bytes(2, one.Message))]);
    }

    /// <returns>What the plugin answers, as text with all that is none.</returns>
    public string Call(string method, NamedContainer container) => Call(method, [.. Bytes(1, container.Pod), .. Bytes(2, container.Message)]);

    public void Dispose()
    {
        _plugin?.Dispose();
        _listener.Dispose();
    }

    private string Call(string method, byte[] payload)
    {
        Send(PluginSide, _stream += 2, Request, [.. Text(1, "nri.pkg.api.v1alpha1.Plugin"), .. Text(2, method), .. Bytes(3, payload)]);
        return Encoding.UTF8.GetString(Read(PluginSide));
    }

    private void Send(uint side, uint stream, byte type, byte[] payload)
    {
        var frame = new byte[18 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, side);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)payload.Length + 10);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), (uint)payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(12), stream);
        frame[16] = type;
        payload.CopyTo(frame, 18);
        _plugin!.Send(frame);
    }

    /// <summary>One message, which a multiplexer may have cut into several frames.</summary>
    private byte[] Read(uint side)
    {
        List<byte> message = [];
        while (message.Count < 10 || message.Count < 10 + BinaryPrimitives.ReadUInt32BigEndian([.. message[..4]]))
        {
            var head = Receive(8);
            Assert.Equal(side, BinaryPrimitives.ReadUInt32BigEndian(head));
            message.AddRange(Receive((int)BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4))));
        }

        return [.. message[10..]];
    }

    private byte[] Receive(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = _plugin!.Receive(bytes.AsSpan(read));
            Assert.True(more > 0, "the plugin has ended the connection");
            read += more;
        }

        return bytes;
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] bytes) => [.. Number(((ulong)field << 3) | 2), .. Number((ulong)bytes.Length), .. bytes];

    private static byte[] Value(int field, ulong value) => [.. Number((ulong)field << 3), .. Number(value)];

    private static byte[] Number(ulong value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Number(value >> 7)];

    /// <summary>A container as the runtime names it, in a pod of its own.</summary>
    /// <param name="Deliver">The pod's annotation; empty for none.</param>
    internal sealed record NamedContainer(string Id, int PidInNode, bool HasUserNamespace, string Deliver = LxcfsNames.DeliverNode)
    {
        public byte[] Pod => [.. Text(1, $"pod-{Id}"), .. Text(2, "web-0"), .. Text(3, "uid"), .. Text(4, "shop"), .. Deliver.Length == 0 ? [] : Bytes(6, [.. Text(1, LxcfsNames.Deliver), .. Text(2, Deliver)])];

        public byte[] Message =>
        [
            .. Text(1, Id), .. Text(2, $"pod-{Id}"), .. Text(3, "web"), .. Value(4, PidInNode > 0 ? 3UL : 0),
            .. Bytes(11, HasUserNamespace ? Bytes(1, [.. Text(1, "user"), .. Text(2, "/proc/1/ns/user")]) : []), .. Value(12, (ulong)PidInNode),
        ];
    }
}
