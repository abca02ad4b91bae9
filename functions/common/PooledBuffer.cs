using System.Buffers;
using System.Runtime.CompilerServices;

namespace LxcfsFunctions;

/// <summary>Bytes in one piece of memory that grows, and that is used again afterwards.</summary>
internal sealed class PooledBuffer(int expected) : IBufferWriter<byte>
{
    private const int Least = 4096;

    /// <summary>A length is only a promise until the bytes are there, so no more than this is set aside for it.</summary>
    private const int MostAhead = 1 << 20;

    // One byte more than expected, so that the read that finds the end needs no growth.
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected + 1, Least, MostAhead));
    private int _length;

    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    public async ValueTask FillAsync(Stream source)
    {
        while (await source.ReadAsync(_bytes.AsMemory(_length)) is > 0 and var read)
        {
            _length += read;
            if (_length == _bytes.Length)
                Grow(1);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Writes once more what is written in a range of it.</summary>
    public void Repeat(Range range)
    {
        var (start, length) = range.GetOffsetAndLength(_length);
        var target = GetSpan(length);
        _bytes.AsSpan(start, length).CopyTo(target);
        _length += length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(sizeHint, 1))
            Grow(sizeHint);
        return _bytes.AsSpan(_length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public void Advance(int count) => _length += count;

    public void Clear() => _length = 0;

    public void Return() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, checked(_length + more)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
