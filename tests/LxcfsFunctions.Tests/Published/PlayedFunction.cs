using System.Globalization;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>A function as its worker reports it.</summary>
/// <param name="Metadata">As it came; it goes back with the request to load it.</param>
internal sealed record PlayedFunction(string Id, string Name, string Route, string AuthLevel, IReadOnlyList<string> Methods, string TriggerName, JsonObject Metadata)
{
    public static PlayedFunction Of(JsonObject metadata)
    {
        var trigger = metadata["rawBindings"]!.AsArray().Select(binding => JsonNode.Parse((string)binding!)!)
            .Single(binding => (string?)binding["type"] == "httpTrigger");
        return new(
            (string)metadata["functionId"]!, (string)metadata["name"]!, (string)trigger["route"]!, (string)trigger["authLevel"]!,
            [.. trigger["methods"]!.AsArray().Select(method => (string)method!)], (string)trigger["name"]!, metadata);
    }

    /// <summary>The values of the route's parameters; null for a path that doesn't fit. A slash at its end means nothing to the host's routing.</summary>
    public Dictionary<string, string>? Match(string path)
    {
        var (steps, given) = (Route.Split('/'), path.Trim('/').Split('/'));
        if (steps.Length != given.Length)
            return null;
        var values = new Dictionary<string, string>();
        foreach (var (step, text) in steps.Zip(given))
        {
            if (step is ['{', .., '}'])
                values[step[1..^1]] = Uri.UnescapeDataString(text);
            else if (!step.Equals(text, StringComparison.OrdinalIgnoreCase))
                return null;
        }

        return values;
    }

    public JsonObject Invocation(string id, string method, Uri url, Dictionary<string, string> values, byte[] body, string? contentType)
    {
        var headers = new Dictionary<string, string> { ["host"] = url.Host, ["content-length"] = body.Length.ToString(CultureInfo.InvariantCulture) };
        if (contentType is not null)
            headers["content-type"] = contentType;
        var http = new JsonObject
        {
            ["method"] = method,
            ["url"] = $"{url}",
            ["nullableHeaders"] = MapOf(headers, "value"),
            ["nullableParams"] = MapOf(values, "value"),
        };
        // An empty body is none.
        if (body.Length > 0)
            http["body"] = new JsonObject { ["bytes"] = Convert.ToBase64String(body) };
        return new()
        {
            ["invocationId"] = id,
            ["functionId"] = Id,
            ["inputData"] = new JsonArray(new JsonObject { ["name"] = TriggerName, ["data"] = new JsonObject { ["http"] = http } }),
            ["traceContext"] = new JsonObject { ["traceParent"] = $"00-{Guid.NewGuid():N}-{Guid.NewGuid().ToString("N")[..16]}-00" },
            ["retryContext"] = new JsonObject(),
            ["triggerMetadata"] = MapOf(values, "string"),
        };
    }

    private static JsonObject MapOf(Dictionary<string, string> values, string member) =>
        new(values.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)new JsonObject { [member] = value.Value })));
}

/// <summary>What a function answers.</summary>
internal sealed record PlayedAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static PlayedAnswer Of(JsonObject http) => new(
        int.Parse((string)http["statusCode"]!, CultureInfo.InvariantCulture),
        (http["headers"]?.AsObject() ?? []).ToDictionary(header => header.Key, header => (string)header.Value!, StringComparer.OrdinalIgnoreCase),
        http["body"]?["bytes"] is { } bytes ? Convert.FromBase64String((string)bytes!) : []);
}
