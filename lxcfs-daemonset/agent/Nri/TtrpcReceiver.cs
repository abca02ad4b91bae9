using System.Buffers.Binary;

namespace LxcfsAgent.Nri;

/// <summary>Puts ttrpc messages together from the parts in which they come. Memory is taken as bytes come, not as a header claims.</summary>
internal sealed class TtrpcReceiver
{
    private const int FirstSize = 4096;

    private readonly byte[] _header = new byte[TtrpcMessage.HeaderLength];
    private int _headerFilled;
    private uint _length;
    private byte[] _payload = [];
    private uint _filled;

    /// <summary>Those that are complete.</summary>
    public Queue<TtrpcMessage> Messages { get; } = new();

    /// <summary>Whether one has begun and not ended.</summary>
    public bool IsPartial => _headerFilled > 0;

    private bool IsTooLong => _length > NriLimits.Message;

    public void Receive(ReadOnlySpan<byte> part)
    {
        while (!part.IsEmpty)
        {
            part = _headerFilled < _header.Length ? FillHeader(part) : FillPayload(part);
            if (_headerFilled == _header.Length && _filled == _length)
                Complete();
        }
    }

    private ReadOnlySpan<byte> FillHeader(ReadOnlySpan<byte> part)
    {
        var taken = Math.Min(part.Length, _header.Length - _headerFilled);
        part[..taken].CopyTo(_header.AsSpan(_headerFilled));
        _headerFilled += taken;
        if (_headerFilled == _header.Length)
            _length = BinaryPrimitives.ReadUInt32BigEndian(_header);
        return part[taken..];
    }

    private ReadOnlySpan<byte> FillPayload(ReadOnlySpan<byte> part)
    {
        var taken = (int)Math.Min((uint)part.Length, _length - _filled);
        if (!IsTooLong)
        {
            var needed = (int)_filled + taken;
            if (needed > _payload.Length)
                Array.Resize(ref _payload, (int)Math.Min(_length, Math.Max(FirstSize, 2 * (uint)needed)));
            part[..taken].CopyTo(_payload.AsSpan((int)_filled));
        }

        _filled += (uint)taken;
        return part[taken..];
    }

    private void Complete()
    {
        Array.Resize(ref _payload, IsTooLong ? 0 : (int)_length);
        Messages.Enqueue(new(BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4)), _header[8], _payload, IsTooLong));
        (_headerFilled, _length, _filled, _payload) = (0, 0, 0, []);
    }
}
