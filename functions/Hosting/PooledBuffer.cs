using System.Buffers;

namespace LxcfsFunctions.Hosting;

/// <summary>A request's body in one piece of memory that is used again afterwards.</summary>
internal sealed class PooledBuffer(int expected)
{
    private const int Least = 4096;

    /// <summary>A length is only a promise until the bytes are there, so no more than this is set aside for it.</summary>
    private const int MostAhead = 1 << 20;

    // One byte more than expected, so that the read that finds the end needs no growth.
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected + 1, Least, MostAhead));
    private int _length;

    public Span<byte> Written => _bytes.AsSpan(0, _length);

    public async ValueTask FillAsync(Stream source)
    {
        while (await source.ReadAsync(_bytes.AsMemory(_length)) is > 0 and var read)
        {
            _length += read;
            if (_length == _bytes.Length)
                Grow();
        }
    }

    public void Return() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
