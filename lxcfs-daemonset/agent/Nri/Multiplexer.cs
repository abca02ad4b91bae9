using System.Buffers.Binary;

namespace LxcfsAgent.Nri;

/// <summary>
/// The two connections that NRI has over one socket: the runtime calls the plugin over one, and the plugin the runtime over the other.
/// Each frame has a header of eight bytes, the connection and the length, the highest byte first (containerd/nri, pkg/net/multiplex).
/// </summary>
internal sealed class Multiplexer
{
    public const int HeaderLength = 8;

    /// <summary>The numbers of the connections.</summary>
    public const uint Plugin = 1, Runtime = 2;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerFilled;
    private uint _left;
    private TtrpcReceiver? _current;

    /// <summary>What the runtime asks.</summary>
    public TtrpcReceiver Requests { get; } = new();

    /// <summary>What the runtime answers.</summary>
    public TtrpcReceiver Responses { get; } = new();

    /// <summary>Whether something has begun and not ended.</summary>
    public bool IsPartial => _headerFilled > 0 || _left > 0 || Requests.IsPartial || Responses.IsPartial;

    /// <exception cref="InvalidDataException">A frame is longer than any that NRI writes.</exception>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left == 0)
            {
                bytes = FillHeader(bytes);
                continue;
            }

            var part = bytes[..(int)Math.Min((uint)bytes.Length, _left)];
            _current?.Receive(part);
            _left -= (uint)part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>What is to be sent for a message.</summary>
    public static byte[] Frame(uint connection, TtrpcMessage message)
    {
        var whole = new byte[TtrpcMessage.HeaderLength + message.Payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(whole, (uint)message.Payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(4), message.Stream);
        whole[8] = message.Type;
        message.Payload.CopyTo(whole, TtrpcMessage.HeaderLength);

        var frames = new List<byte>(whole.Length + (whole.Length / NriLimits.SentFrame * HeaderLength) + HeaderLength);
        foreach (var chunk in whole.Chunk(NriLimits.SentFrame))
        {
            var header = new byte[HeaderLength];
            BinaryPrimitives.WriteUInt32BigEndian(header, connection);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)chunk.Length);
            frames.AddRange(header);
            frames.AddRange(chunk);
        }

        return [.. frames];
    }

    private ReadOnlySpan<byte> FillHeader(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, HeaderLength - _headerFilled);
        bytes[..taken].CopyTo(_header.AsSpan(_headerFilled));
        _headerFilled += taken;
        if (_headerFilled == HeaderLength)
        {
            _headerFilled = 0;
            _left = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
            if (_left > NriLimits.Frame)
                throw new InvalidDataException($"a frame claims {_left} bytes");
            // What belongs to a connection that nobody knows is passed over, as NRI does.
            _current = BinaryPrimitives.ReadUInt32BigEndian(_header) switch { Plugin => Requests, Runtime => Responses, _ => null };
        }

        return bytes[taken..];
    }
}
