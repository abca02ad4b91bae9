using System.Diagnostics;
using System.Net;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions.Worker;

/// <summary>The webhooks over the worker: the bytes of a request to one of them, and the bytes of its answer back.</summary>
internal sealed class WorkerEndpoints(LxcfsOptions lxcfs, WebhookOptions options, ILogger<WorkerEndpoints> logger)
{
    private readonly PathTokens _tokens = new(options.Tokens);

    public Webhook Mutate { get; } = Webhook.Mutate(lxcfs, logger);

    public Webhook MutateNode { get; } = Webhook.MutateNode(lxcfs, logger);

    public Webhook Validate { get; } = Webhook.Validate(lxcfs, logger);

    public async Task<HttpResponseData> AnswerAsync(HttpRequestData request, string token, Webhook webhook)
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
        if (request.Body.Length > options.MaxRequestBodyBytes)
            return webhook.RefuseLength(options.MaxRequestBodyBytes, started);
        var length = (int)request.Body.Length;
        using var body = new PooledBuffer(length);
        body.Advance(await request.Body.ReadAtLeastAsync(body.GetMemory(), length, throwOnEndOfStream: false));
        return webhook.Answer(body.Written.Span, started);
    }
}
