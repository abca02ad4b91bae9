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

    /// <summary>Bytes; enough for a pod of a few containers.</summary>
    private const int ExpectedAnswer = 8 << 10;

    private const string JsonContentType = "application/json";

    public static void MapAdmission(this WebApplication app, LxcfsOptions options, PathTokens tokens)
    {
        var mutator = new PodMutator(options);
        Map(app, new("mutate", mutator.Decide, mutator.Reading), tokens);
        Map(app, new("validate", new PodValidator(options).Decide, PodValidator.Reading), tokens);
    }

    private sealed record Webhook(string Name, Func<AdmissionRequest<Pod>, AdmissionDecision> Decide, Reading Reading);

    private static void Map(WebApplication app, Webhook webhook, PathTokens tokens)
    {
        app.MapPost(Route + webhook.Name, context => tokens.Accept((string?)context.Request.RouteValues["token"])
            ? Answer(context, app.Logger, webhook)
            : Startup.NotFound(context));
    }

    private static async Task Answer(HttpContext context, ILogger logger, Webhook webhook)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var request = await ReadAsync(context.Request, webhook.Reading);
            var decision = webhook.Decide(request);
            await WriteAsync(context.Response, request.Uid, decision);
            AdmissionMetrics.Count(webhook.Name, decision.Outcome.ToName(), decision.Reason, started);
            Log.Decided(logger, webhook.Name, decision.Outcome.ToName(), decision.Reason, request.Namespace, PodReview.NameOf(request), request.Uid);
        }
        catch (BadHttpRequestException fault)
        {
            AdmissionMetrics.Count(webhook.Name, "Fault", $"{fault.StatusCode}", started);
            Log.Refused(logger, webhook.Name, fault.StatusCode, fault.Message);
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
                AdmissionMetrics.Count(webhook.Name, "Fault", "500", started);
                Log.Failed(logger, webhook.Name, bug);
            }

            return false;
        }
    }

    private static async Task<AdmissionRequest<Pod>> ReadAsync(HttpRequest request, Reading reading)
    {
        // What API servers write needs no parsing.
        if (request.ContentType != JsonContentType && !request.HasJsonContentType())
            throw new BadHttpRequestException("Content-Type: expected application/json", StatusCodes.Status415UnsupportedMediaType);

        var buffer = new PooledBuffer((int)Math.Min(request.ContentLength ?? 0, int.MaxValue));
        try
        {
            await buffer.FillAsync(request.Body);
            return PodReview.Parse(buffer.Written, reading);
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
        var body = new PooledBuffer(ExpectedAnswer);
        try
        {
            AdmissionResponse.Write(body, uid, decision);
            response.ContentType = JsonContentType;
            response.ContentLength = body.Written.Length;
            await response.Body.WriteAsync(body.WrittenMemory);
        }
        finally
        {
            body.Return();
        }
    }
}
