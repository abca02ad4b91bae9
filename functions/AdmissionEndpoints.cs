using System.Diagnostics;
using LxcfsFunctions.Hosting;

namespace LxcfsFunctions;

/// <summary>The webhooks over Kestrel.</summary>
internal static class AdmissionEndpoints
{
    public static void MapAdmission(this WebApplication app, IEnumerable<Webhook> webhooks, PathTokens tokens, int maxBytes)
    {
        foreach (var webhook in webhooks)
            app.MapPost($"/{Webhook.Route}{webhook.Name}", context => tokens.Accept((string?)context.Request.RouteValues["token"])
                ? AnswerAsync(context, webhook, maxBytes)
                : Startup.NotFound(context));
    }

    private static async Task AnswerAsync(HttpContext context, Webhook webhook, int maxBytes)
    {
        using var answer = await AskAsync(context.Request, webhook, maxBytes);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body);
    }

    private static async Task<WebhookAnswer> AskAsync(HttpRequest request, Webhook webhook, int maxBytes)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (!Webhook.IsJson(request.ContentType))
                return webhook.RefuseType(started);
            using var body = await RequestBody.ReadAsync(request, maxBytes);
            return body is null ? webhook.RefuseLength(maxBytes, started) : webhook.Answer(body.Written.Span, started);
        }
        catch (BadHttpRequestException error)
        {
            return webhook.Refuse(error.StatusCode, error.Message, started);
        }
    }
}
