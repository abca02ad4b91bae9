using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using Microsoft.Extensions.Configuration;

namespace LxcfsFunctions.Tests;

/// <summary>Both webhooks as the endpoints call them, from bytes to a response's JSON.</summary>
internal sealed class Webhooks(LxcfsOptions options)
{
    private readonly PodMutator _mutator = new(options);
    private readonly PodValidator _validator = new(options);

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
    public JsonNode Answer(string webhook, JsonNode review) => Answer(webhook, Encoding.UTF8.GetBytes(review.ToJsonString()));

    /// <inheritdoc cref="Answer(string, JsonNode)"/>
    public JsonNode Answer(string webhook, byte[] review)
    {
        var request = PodReview.Parse(review.ToArray(), webhook == "mutate" ? _mutator.Reading : PodValidator.Reading);
        var decision = webhook == "mutate" ? _mutator.Decide(request) : _validator.Decide(request);
        var output = new PooledBuffer(1);
        AdmissionResponse.Write(output, request.Uid, decision);
        var answer = JsonNode.Parse(output.Written)!;
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
