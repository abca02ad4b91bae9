using System.Buffers;

namespace LxcfsFunctions.Hosting;

/// <summary>Bytes that are written once, read, and given back: a review's answer is a few KiB, and new ones for each would keep the collector busy.</summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>The pool keeps some of what is given back for each thread; what is larger is left to the collector.</summary>
    private const int MostKept = 1 << 20;

    private byte[] _bytes;
    private int _length;

    /// <param name="expected">Bytes; it grows beyond them.</param>
    public PooledBuffer(int expected) => _bytes = Rent(expected);

    /// <summary>What has been written. It is nobody's after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length < Math.Max(1, sizeHint))
            Grow(sizeHint);
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Dispose()
    {
        Return(_bytes);
        _bytes = [];
    }

    /// <summary>Twice as much, as far as an array can be so long.</summary>
    internal static int NextLength(int length, int least) => Math.Max((int)Math.Min(length * 2L, Array.MaxLength), least);

    private void Grow(int least)
    {
        var larger = Rent(NextLength(_bytes.Length, checked(_length + least)));
        Written.CopyTo(larger);
        Return(_bytes);
        _bytes = larger;
    }

    private static byte[] Rent(int least) => least > MostKept ? GC.AllocateUninitializedArray<byte>(least) : ArrayPool<byte>.Shared.Rent(least);

    private static void Return(byte[] bytes)
    {
        if (bytes.Length is > 0 and <= MostKept)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
