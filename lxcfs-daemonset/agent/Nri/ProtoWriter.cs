using System.Buffers;
using System.Text;

namespace LxcfsAgent.Nri;

/// <summary>Writes one protobuf message.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0, Length = 2;

    private readonly ArrayBufferWriter<byte> _message = new();

    public ReadOnlySpan<byte> Written => _message.WrittenSpan;

    public byte[] ToArray() => Written.ToArray();

    public ProtoWriter Add(int field, ulong number)
    {
        WriteVarint((ulong)field << 3 | Varint);
        WriteVarint(number);
        return this;
    }

    public ProtoWriter Add(int field, ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)field << 3 | Length);
        WriteVarint((ulong)bytes.Length);
        _message.Write(bytes);
        return this;
    }

    public ProtoWriter Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

    public ProtoWriter Add(int field, ProtoWriter message) => Add(field, message.Written);

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _message.Write([(byte)(value | 0x80)]);
        _message.Write([(byte)value]);
    }
}
