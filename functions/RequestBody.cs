using LxcfsFunctions.Hosting;

namespace LxcfsFunctions;

/// <summary>Reads a request's body, whole.</summary>
internal static class RequestBody
{
    private const int Least = 4096;

    /// <summary>
    /// Reads to the end. What is too large is read too, though not kept: the Functions host makes a 500 of an answer that comes
    /// while it still writes.
    /// </summary>
    /// <returns>For the caller to give back; null for a body of more than <paramref name="most"/> bytes.</returns>
    public static async Task<PooledBuffer?> ReadAsync(HttpRequest request, int most, CancellationToken late)
    {
        // One byte more than expected, so that the read that finds the end needs no growth. A length is only a promise until the bytes are
        // there, but who promises much has waited for its turn.
        var body = new PooledBuffer((int)Math.Clamp((request.ContentLength ?? 0) + 1, Least, most + 1L));
        try
        {
            if (await TryFillAsync(body, request.Body, most, late))
                return body;
            var rest = body.GetMemory();
            while (await request.Body.ReadAsync(rest, late) > 0)
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

    private static async ValueTask<bool> TryFillAsync(PooledBuffer body, Stream source, int most, CancellationToken late)
    {
        while (await source.ReadAsync(body.GetMemory(), late) is > 0 and var read)
        {
            body.Advance(read);
            if (body.Written.Length > most)
                return false;
        }

        return true;
    }
}
