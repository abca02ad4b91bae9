using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LxcfsFunctions.Worker;

/// <summary>The functions: a route each. One of these is made for every request, so whatever lasts is in <see cref="WorkerEndpoints"/>.</summary>
/// <param name="services">What Program has registered.</param>
public sealed class WebhookFunctions(IServiceProvider services)
{
    private readonly WorkerEndpoints _endpoints = services.GetRequiredService<WorkerEndpoints>();

    /// <summary>Adds the files to a pod.</summary>
    [Function("mutate")]
    public Task<HttpResponseData> MutateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Webhook.Route + Webhook.MutatePath)] HttpRequestData request, string token) =>
        _endpoints.AnswerAsync(request, token, _endpoints.Mutate);

    /// <summary>The same for namespaces that forbid hostPath.</summary>
    [Function("mutate-node")]
    public Task<HttpResponseData> MutateNodeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Webhook.Route + Webhook.MutateNodePath)] HttpRequestData request, string token) =>
        _endpoints.AnswerAsync(request, token, _endpoints.MutateNode);

    /// <summary>Judges a pod.</summary>
    [Function("validate")]
    public Task<HttpResponseData> ValidateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Webhook.Route + Webhook.ValidatePath)] HttpRequestData request, string token) =>
        _endpoints.AnswerAsync(request, token, _endpoints.Validate);
}
