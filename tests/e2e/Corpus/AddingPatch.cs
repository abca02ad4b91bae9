using System.Globalization;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>A JSON patch that only adds (RFC 6902), applied as an API server would.</summary>
internal static class AddingPatch
{
    public static JsonObject Apply(JsonObject document, JsonArray operations)
    {
        var patched = document.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            Assert.Equal("add", (string?)operation!["op"]);
            Add(patched, (string)operation["path"]!, operation["value"]!.DeepClone());
        }

        return patched;
    }

    private static void Add(JsonNode document, string pointer, JsonNode value)
    {
        var parts = pointer.Split('/')[1..].Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
        var parent = parts[..^1].Aggregate(document, (node, part) => node is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!);
        if (parent is JsonArray items)
            items.Add(value);
        else
            parent[parts[^1]] = value;
    }
}
