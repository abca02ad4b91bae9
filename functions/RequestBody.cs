using System.Buffers;

namespace LxcfsFunctions;

/// <summary>A request's body, whole, in memory that is used again afterwards.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int Least = 4096;

    /// <summary>A length is only a promise until the bytes are there, so no more than this is set aside for it.</summary>
    private const int MostAhead = 1 << 20;

    private byte[] _bytes;
    private int _length;

    // One byte more than expected, so that the read that finds the end needs no growth.
    private RequestBody(long expected) => _bytes = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(expected + 1, Least, MostAhead));

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <summary>
    /// Reads to the end. What is too large is read too, though not kept: the Functions host makes a 500 of an answer that comes
    /// while it still writes.
    /// </summary>
    /// <returns>Null for a body of more than <paramref name="most"/> bytes.</returns>
    public static async Task<RequestBody?> ReadAsync(HttpRequest request, int most)
    {
        var body = new RequestBody(request.ContentLength ?? 0);
        try
        {
            if (await body.TryFillAsync(request.Body, most))
                return body;
            while (await request.Body.ReadAsync(body._bytes) > 0)
            {
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        body.Dispose();
        return null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private async ValueTask<bool> TryFillAsync(Stream source, int most)
    {
        while (await source.ReadAsync(_bytes.AsMemory(_length)) is > 0 and var read)
        {
            _length += read;
            if (_length > most)
                return false;
            if (_length == _bytes.Length)
                Grow();
        }

        return true;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
