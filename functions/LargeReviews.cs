namespace LxcfsFunctions;

/// <summary>
/// Large reviews are read and answered one at a time, so that many at once don't take more memory than the program has; what waits
/// is held by its sender. Small ones pass them.
/// </summary>
internal static class LargeReviews
{
    /// <summary>Bytes: five times what a pod of some dozen containers has.</summary>
    private const int Large = 256 << 10;

    /// <summary>The longest that an API server waits for an answer (<c>timeoutSeconds</c>), so one that comes later helps nobody.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly SemaphoreSlim One = new(1);

    /// <summary>Waits until this request may be read.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for its answer any more.</exception>
    public static async ValueTask<Turn> EnterAsync(HttpRequest request)
    {
        if (request.ContentLength <= Large)
            return default;
        var late = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        try
        {
            late.CancelAfter(Patience);
            await One.WaitAsync(late.Token);
            return new(late);
        }
        catch
        {
            late.Dispose();
            throw;
        }
    }

    /// <summary>What one request has until it is answered; a small one has no need of it.</summary>
    internal readonly struct Turn(CancellationTokenSource? late) : IDisposable
    {
        /// <summary>That its time is up.</summary>
        public CancellationToken Late => late?.Token ?? default;

        public void Dispose()
        {
            if (late is null)
                return;
            One.Release();
            late.Dispose();
        }
    }
}
