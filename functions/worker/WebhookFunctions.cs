using System.Diagnostics;
using System.Net;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions.Worker;

/// <summary>The functions: the bytes of a request to the webhook, and the bytes of its answer back.</summary>
public sealed class WebhookFunctions
{
    private readonly Webhook _mutate;
    private readonly Webhook _mutateNode;
    private readonly Webhook _validate;
    private readonly PathTokens _tokens;
    private readonly int _maxBytes;

    /// <param name="services">What Program has read of the settings.</param>
    public WebhookFunctions(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILogger<WebhookFunctions>>();
        var lxcfs = services.GetRequiredService<LxcfsOptions>();
        (_mutate, _mutateNode, _validate) = (Webhook.Mutate(lxcfs, logger), Webhook.MutateNode(lxcfs, logger), Webhook.Validate(lxcfs, logger));
        _tokens = services.GetRequiredService<PathTokens>();
        _maxBytes = services.GetRequiredService<WebhookOptions>().MaxRequestBodyBytes;
    }

    /// <summary>Adds the files to a pod.</summary>
    [Function("mutate")]
    public Task<HttpResponseData> MutateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Webhook.Route + Webhook.MutatePath)] HttpRequestData request, string token) =>
        AnswerAsync(request, token, _mutate);

    /// <summary>The same for namespaces that forbid hostPath.</summary>
    [Function("mutate-node")]
    public Task<HttpResponseData> MutateNodeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Webhook.Route + Webhook.MutateNodePath)] HttpRequestData request, string token) =>
        AnswerAsync(request, token, _mutateNode);

    /// <summary>Judges a pod.</summary>
    [Function("validate")]
    public Task<HttpResponseData> ValidateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Webhook.Route + Webhook.ValidatePath)] HttpRequestData request, string token) =>
        AnswerAsync(request, token, _validate);

    private async Task<HttpResponseData> AnswerAsync(HttpRequestData request, string token, Webhook webhook)
    {
        var started = Stopwatch.GetTimestamp();
        if (!_tokens.Accept(token))
            return request.CreateResponse(HttpStatusCode.NotFound);
        using var answer = await AskAsync(request, webhook, started);
        var response = request.CreateResponse((HttpStatusCode)answer.Status);
        response.Headers.Add("Content-Type", answer.ContentType);
        // Without it the host sends the answer in chunks.
        response.Headers.Add("Content-Length", $"{answer.Body.Length}");
        await response.Body.WriteAsync(answer.Body);
        return response;
    }

    private async Task<WebhookAnswer> AskAsync(HttpRequestData request, Webhook webhook, long started)
    {
        var contentType = request.Headers.TryGetValues("Content-Type", out var values) ? values.FirstOrDefault() : null;
        if (!Webhook.IsJson(contentType))
            return webhook.RefuseType(started);
        if (request.Body.Length > _maxBytes)
            return webhook.RefuseLength(_maxBytes, started);
        using var body = new MemoryStream((int)request.Body.Length);
        await request.Body.CopyToAsync(body);
        return webhook.Answer(body.GetBuffer().AsSpan(0, (int)body.Length), started);
    }
}
