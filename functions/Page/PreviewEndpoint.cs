using System.Globalization;
using System.Text;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Page;

/// <summary>A manifest in, what becomes of it out; an error is a status and a sentence, which never quotes the manifest.</summary>
internal sealed class PreviewEndpoint(LxcfsOptions options, ILogger logger) : IDisposable
{
    /// <summary>Above what an API server takes in one object; the page knows it too.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostCpus = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // One at a time, so that people who try things out leave the other processors to the webhooks.
    private readonly SemaphoreSlim _turn = new(1);

    public async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var node = ReadNode(context.Request.Query);
            var enforced = ReadEnforced(context.Request.Query);
            var manifest = await ReadManifestAsync(context.Request);
            var preview = await InTurnAsync(() => Preview.Of(manifest, node, options, forbidsHostPath: enforced), context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(PreviewJson.Of(preview), context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // A newer question has taken this one's place.
        }
        catch (BadHttpRequestException exception)
        {
            ServerLog.PreviewRefused(logger, exception.StatusCode, exception.Message);
            context.Response.StatusCode = exception.StatusCode;
            await context.Response.WriteAsync(exception.Message + "\n");
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Preview> InTurnAsync(Func<Preview> make, CancellationToken aborted)
    {
        await _turn.WaitAsync(aborted);
        try
        {
            return make();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static NodeShape ReadNode(IQueryCollection query)
    {
        var node = NodeShape.Example;
        if ((string?)query["cpus"] is { } cpus)
            node = int.TryParse(cpus, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostCpus
                ? node with { Cpus = count }
                : throw new BadHttpRequestException($"cpus: expected a whole number from 1 to {MostCpus}");
        if ((string?)query["memory"] is { } memory)
            node = Quantity.TryParse(memory, out var bytes) && bytes >= 1
                ? node with { Memory = (long)bytes }
                : throw new BadHttpRequestException("memory: expected a quantity such as 512Gi");
        return node;
    }

    /// <summary>Whether the namespaces enforce a level of Pod Security that forbids hostPath.</summary>
    private static bool ReadEnforced(IQueryCollection query) => (string?)query["enforced"] switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new BadHttpRequestException("enforced: expected true or false"),
    };

    private static async Task<string> ReadManifestAsync(HttpRequest request)
    {
        // A type that no form of another site can send without this program's leave.
        if (request.ContentType != "application/yaml")
            throw new BadHttpRequestException("Content-Type: expected application/yaml", StatusCodes.Status415UnsupportedMediaType);
        using var body = await RequestBody.ReadAsync(request, MostBytes, request.HttpContext.RequestAborted);
        try
        {
            return body is null ? throw TooLarge() : StrictUtf8.GetString(body.Written.Span);
        }
        catch (DecoderFallbackException exception)
        {
            throw new BadHttpRequestException("the manifest is not text in UTF-8", exception);
        }
    }

    private static BadHttpRequestException TooLarge() => new(
        $"the manifest is larger than {MostBytes} bytes", StatusCodes.Status413PayloadTooLarge);
}
