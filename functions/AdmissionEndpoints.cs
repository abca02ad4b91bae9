using System.Diagnostics;
using LxcfsFunctions.Hosting;

namespace LxcfsFunctions;

/// <summary>The webhooks over Kestrel.</summary>
internal static class AdmissionEndpoints
{
    public static void MapAdmission(this WebApplication app, IEnumerable<Webhook> webhooks, PathTokens tokens, HostingOptions options)
    {
        foreach (var webhook in webhooks)
            app.MapPost($"/{Webhook.Route}{webhook.Path}", context => tokens.Accept((string?)context.Request.RouteValues["token"])
                ? AnswerAsync(context, webhook, options)
                : NotFoundAsync(context, options));
    }

    private static async Task NotFoundAsync(HttpContext context, HostingOptions options)
    {
        await PassOverAsync(context.Request, options);
        await Startup.NotFound(context);
    }

    /// <summary>The Functions host makes a 500 of an answer that comes while it still writes; it takes no body over 100 MB itself.</summary>
    private static Task PassOverAsync(HttpRequest request, HostingOptions options) =>
        options.Mode == HostingMode.Functions ? request.Body.CopyToAsync(Stream.Null) : Task.CompletedTask;

    private static async Task AnswerAsync(HttpContext context, Webhook webhook, HostingOptions options)
    {
        using var answer = await AskAsync(context.Request, webhook, options);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body);
    }

    private static async Task<WebhookAnswer> AskAsync(HttpRequest request, Webhook webhook, HostingOptions options)
    {
        var (started, maxBytes) = (Stopwatch.GetTimestamp(), options.Webhooks.MaxRequestBodyBytes);
        try
        {
            if (!Webhook.IsJson(request.ContentType))
            {
                await PassOverAsync(request, options);
                return webhook.RefuseType(started);
            }

            using var turn = await LargeReviews.EnterAsync(request);
            using var body = await RequestBody.ReadAsync(request, maxBytes, turn.Late);
            return body is null ? webhook.RefuseLength(maxBytes, started) : webhook.Answer(body.Written.Span, started);
        }
        catch (OperationCanceledException) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return webhook.Refuse(StatusCodes.Status503ServiceUnavailable, "other large reviews were before this one", started);
        }
        catch (BadHttpRequestException error)
        {
            return webhook.Refuse(error.StatusCode, error.Message, started);
        }
    }
}
