using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsFunctions.Tests;

/// <summary>The webhooks as the endpoints call them, from bytes to a response's JSON.</summary>
internal sealed class Webhooks(LxcfsOptions options)
{
    private readonly Dictionary<string, Webhook> _webhooks = Webhook.All(options, NullLogger.Instance).ToDictionary(webhook => webhook.Path);

    public static Webhooks Default { get; } = new(new());

    public static Webhooks With(params (string Key, string Value)[] settings)
    {
        var reader = new SettingsReader(Configuration(settings));
        var options = LxcfsOptions.Read(reader);
        Assert.Empty(reader.Errors);
        return new(options);
    }

    public static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Lxcfs:{setting.Key}", (string?)setting.Value))).Build();

    /// <summary>The <c>response</c> of the answer.</summary>
    /// <param name="webhook">Its path.</param>
    public JsonNode Answer(string webhook, JsonNode review) => Answer(webhook, Encoding.UTF8.GetBytes(review.ToJsonString()));

    /// <inheritdoc cref="Answer(string, JsonNode)"/>
    public JsonNode Answer(string webhook, byte[] review)
    {
        using var answered = _webhooks[webhook].Answer(review, Stopwatch.GetTimestamp());
        Assert.Equal((200, "application/json"), (answered.Status, answered.ContentType));
        var answer = JsonNode.Parse(answered.Body.Span)!;
        Assert.Equal("admission.k8s.io/v1", (string?)answer["apiVersion"]);
        Assert.Equal("AdmissionReview", (string?)answer["kind"]);
        return answer["response"]!;
    }

    /// <summary>The patch that a response carries, null for none.</summary>
    public static JsonArray? PatchOf(JsonNode response)
    {
        Assert.Equal(response["patch"] is null, response["patchType"] is null);
        return response["patch"] is { } patch ? JsonNode.Parse(Convert.FromBase64String((string)patch!))!.AsArray() : null;
    }
}
