using System.Buffers;
using System.Diagnostics;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions;

/// <summary>
/// Reviews in, reviews out. What can't be reviewed is an HTTP status, so that the cluster's failurePolicy decides what becomes
/// of the pod: 400 malformed, 404 wrong path or token, 413 too large, 415 not JSON, 500 a bug.
/// </summary>
internal static class AdmissionEndpoints
{
    /// <summary>Where a webhook is found; the token is the caller's secret and goes into no log.</summary>
    public const string Route = "/hooks/{token}/";

    public static void MapAdmission(this WebApplication app, LxcfsOptions options, PathTokens tokens)
    {
        Map(app, "mutate", tokens, new PodMutator(options).Decide);
        Map(app, "validate", tokens, new PodValidator(options).Decide);
    }

    private static void Map(WebApplication app, string webhook, PathTokens tokens, Func<AdmissionRequest<Pod>, AdmissionDecision> decide)
    {
        app.MapPost(Route + webhook, context => tokens.Accept((string?)context.Request.RouteValues["token"])
            ? Answer(context, app.Logger, webhook, decide)
            : Startup.NotFound(context));
    }

    private static async Task Answer(
        HttpContext context, ILogger logger, string webhook, Func<AdmissionRequest<Pod>, AdmissionDecision> decide)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var request = await ReadAsync(context.Request);
            var decision = decide(request);
            await WriteAsync(context.Response, request.Uid, decision);
            AdmissionMetrics.Count(webhook, decision.Outcome.ToName(), decision.Reason, started);
            var name = request.Name is { Length: > 0 } ? request.Name : request.Object?.Metadata?.GenerateName;
            Log.Decided(logger, webhook, decision.Outcome.ToName(), request.Namespace, name, decision.Reason, request.Uid);
        }
        catch (BadHttpRequestException fault)
        {
            AdmissionMetrics.Count(webhook, "Fault", $"{fault.StatusCode}", started);
            Log.Refused(logger, webhook, fault.StatusCode, fault.Message);
            context.Response.StatusCode = fault.StatusCode;
            await context.Response.WriteAsync(fault.Message + "\n");
        }
        catch (Exception bug) when (LogBug(bug))
        {
            throw;
        }

        // Kestrel makes a 500 of what is thrown; a caller who hung up is no bug.
        bool LogBug(Exception bug)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                AdmissionMetrics.Count(webhook, "Fault", "500", started);
                Log.Failed(logger, webhook, bug);
            }

            return false;
        }
    }

    private static async Task<AdmissionRequest<Pod>> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            throw new BadHttpRequestException("Content-Type: expected application/json", StatusCodes.Status415UnsupportedMediaType);

        var buffer = new PooledBuffer((int)Math.Min(request.ContentLength ?? 0, int.MaxValue));
        try
        {
            await buffer.FillAsync(request.Body);
            return PodReview.Parse(buffer.Written);
        }
        catch (FormatException fault)
        {
            throw new BadHttpRequestException(fault.Message, fault);
        }
        finally
        {
            buffer.Return();
        }
    }

    private static async Task WriteAsync(HttpResponse response, string uid, AdmissionDecision decision)
    {
        var body = new ArrayBufferWriter<byte>(512 + decision.Patch.Length * 3 / 2);
        AdmissionResponse.Write(body, uid, decision);
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory);
    }
}
