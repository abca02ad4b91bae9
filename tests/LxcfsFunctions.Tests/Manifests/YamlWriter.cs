using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>Writes JSON as people write YAML: block and flow, with comments, and dashes where they like.</summary>
internal static class YamlWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(JsonNode value, int style, int seed) => style switch
    {
        0 => value.ToJsonString(),
        1 => value.ToJsonString(Indented) + "\n",
        _ => Block(value, new Random(seed), step: style == 2 ? 4 : 2, dash: style == 3 ? 2 : 0, lineBreak: style == 5 ? "\r\n" : "\n"),
    };

    /// <summary>What the text says, by the reader that is judged elsewhere against kubectl.</summary>
    public static string ToJson(string text)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
            NodeJson.Write(json, new AliasResolver().Resolve(ManifestReader.Read(text).Documents[0]));
        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static string Block(JsonNode value, Random random, int step, int dash, string lineBreak)
    {
        var text = new StringBuilder("# first\n");
        Members(value.AsObject(), 0, "");
        return text.ToString().ReplaceLineEndings(lineBreak);

        void Members(JsonObject map, int column, string first)
        {
            foreach (var (name, child) in map)
            {
                if (first.Length == 0 && random.Next(4) == 0)
                    text.Append($"{new string(' ', column)}# about {random.Next()}\n");
                text.Append(first.Length > 0 ? first : new string(' ', column)).Append(JsonSerializer.Serialize(name)).Append(':');
                Value(child, column);
                first = "";
            }
        }

        void Value(JsonNode? child, int column)
        {
            if (child is JsonObject { Count: > 0 } map && random.Next(6) > 0)
            {
                text.Append(random.Next(3) == 0 ? " # map\n" : "\n");
                Members(map, column + step, "");
            }
            else if (child is JsonArray { Count: > 0 } list && random.Next(6) > 0)
            {
                text.Append('\n');
                foreach (var item in list)
                    Item(item, column + dash);
            }
            else
                text.Append(' ').Append(child?.ToJsonString() ?? (random.Next(2) == 0 ? "null" : "~")).Append(random.Next(5) == 0 ? " # end\n" : "\n");
        }

        void Item(JsonNode? item, int column)
        {
            if (item is JsonObject { Count: > 0 } map)
                Members(map, column + 2, new string(' ', column) + "- ");
            else
                text.Append(new string(' ', column)).Append("- ").Append(item?.ToJsonString() ?? "null").Append('\n');
        }
    }
}
