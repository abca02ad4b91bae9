using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>
/// Writes JSON as YAML that is right and yet not what anybody expects: every map has an indentation of its own, brackets go on at
/// the outer column, texts are folded or blocks whose first line is blank, and a template is shared by an anchor.
/// </summary>
internal sealed partial class OddYaml(Random random)
{
    private readonly StringBuilder _text = new();
    private int _anchors;

    private string Write(JsonObject[] objects)
    {
        if (objects is [var only])
            Map(only, 0, new(' ', 0));
        else
        {
            _text.Append("kind: List\napiVersion: v1\nitems:\n");
            // The second one has the template by its alias.
            foreach (var (i, item) in objects.Index())
            {
                var dash = $"{new string(' ', 2)}-{new string(' ', 1 + random.Next(3))}";
                Map(item, dash.Length, dash, shared: i == 0 ? "&template" : "*template");
            }
        }

        return _text.ToString();
    }

    /// <param name="first">What stands in front of the first member.</param>
    private void Map(JsonObject map, int column, string first, string? shared = null)
    {
        foreach (var (name, child) in map)
        {
            if (first.Trim().Length == 0 && random.Next(6) == 0)
                _text.Append($"{new string(' ', random.Next(column + 1))}# about {random.Next()}\n");
            _text.Append(first).Append(Key(name)).Append(random.Next(8) == 0 ? " :" : ":");
            if (name == "template" && shared is ['*', ..])
                _text.Append($" {shared}\n");
            else
                Value(child, column, name == "template" ? shared : null, name == "spec" ? shared : null);
            first = new(' ', column);
        }
    }

    private void Value(JsonNode? child, int column, string? anchor, string? below)
    {
        if (anchor is null && random.Next(12) == 0)
            anchor = $"&x{_anchors++}";
        var properties = anchor is null ? "" : $" {anchor}";
        if (child is JsonObject { Count: > 0 } map && (below is not null || random.Next(5) > 0))
        {
            var deeper = column + 1 + random.Next(6);
            _text.Append(properties).Append(random.Next(4) == 0 ? "  # map\n" : "\n");
            Map(map, deeper, new(' ', deeper), below);
        }
        else if (child is JsonArray { Count: > 0 } list && random.Next(4) > 0)
        {
            _text.Append(properties).Append('\n');
            var dash = column + random.Next(4);
            foreach (var item in list)
                Item(item, dash);
        }
        else
        {
            _text.Append(properties).Append(' ');
            Inline(child, column);
        }
    }

    private void Item(JsonNode? item, int column)
    {
        var dash = $"{new string(' ', column)}-{new string(' ', 1 + random.Next(4))}";
        if (item is JsonObject { Count: > 0 } map && random.Next(6) > 0)
            Map(map, dash.Length, dash);
        else
        {
            _text.Append(dash);
            Inline(item, column);
        }
    }

    private void Inline(JsonNode? value, int column)
    {
        if (value?.GetValueKind() == JsonValueKind.String && (string)value! is { Length: > 0 } text && !IsPlain(text) && random.Next(2) == 0 && Block(text, column))
            return;
        if (value?.GetValueKind() == JsonValueKind.String)
            _text.Append(Scalar((string)value!, column));
        else
            Flow(value, column);
        _text.Append(random.Next(5) == 0 ? "   # end\n" : "\n");
    }

    /// <summary>A literal block; its blank lines may have spaces, no more than it is indented by.</summary>
    private bool Block(string text, int column)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        if (text.Trim().Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal) || lines.First(line => line.Length > 0)[0] == ' ' || !Printable().IsMatch(text))
            return false;
        var indent = new string(' ', column + 1 + random.Next(4));
        _text.Append(text.EndsWith('\n') ? "|" : "|-").Append(random.Next(4) == 0 ? " # block\n" : "\n");
        foreach (var line in lines)
            _text.Append(line.Length > 0 ? indent + line : indent[..random.Next(indent.Length + 1)]).Append('\n');
        return true;
    }

    /// <summary>On a line of its own wherever it likes: brackets have no indentation.</summary>
    private void Flow(JsonNode? value, int column)
    {
        switch (value)
        {
            case JsonObject map:
                _text.Append('{');
                foreach (var (i, (name, child)) in map.Index())
                {
                    _text.Append(i > 0 ? "," : "").Append(Gap()).Append(Key(name)).Append(": ");
                    Flow(child, column);
                }

                _text.Append('}');
                break;
            case JsonArray list:
                _text.Append('[');
                foreach (var (i, child) in list.Index())
                {
                    _text.Append(i > 0 ? "," : "").Append(Gap());
                    Flow(child, column);
                }

                _text.Append(random.Next(3) == 0 && list.Count > 0 ? "," : "").Append(']');
                break;
            case null:
                _text.Append(random.Next(2) == 0 ? "null" : "~");
                break;
            case var scalar when scalar.GetValueKind() == JsonValueKind.String:
                _text.Append(Scalar((string)scalar!, column));
                break;
            default:
                _text.Append(value.ToJsonString());
                break;
        }

        string Gap() => random.Next(4) switch { 0 => "\n" + new string(' ', random.Next(column + 3)), 1 => "  # in brackets\n" + new string(' ', column + 1), _ => " " };
    }

    private string Scalar(string text, int column) => (random.Next(4), text) switch
    {
        (0 or 1, _) when IsPlain(text) => text,
        (2, _) when Printable().IsMatch(text) && !text.Contains('\n', StringComparison.Ordinal) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        // Folded at a space, at any column.
        (3, _) when text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && text[at + 1] != ' ' && Printable().IsMatch(text) && !text.Contains('\n', StringComparison.Ordinal) =>
            random.Next(2) == 0
                ? $"'{text[..at].Replace("'", "''", StringComparison.Ordinal)}\n{new string(' ', random.Next(column + 5))}{text[(at + 1)..].Replace("'", "''", StringComparison.Ordinal)}'"
                : JsonSerializer.Serialize(text).Replace($" {text[at + 1]}", $"\n{new string(' ', random.Next(column + 5))}{text[at + 1]}", StringComparison.Ordinal),
        _ => JsonSerializer.Serialize(text),
    };

    private string Key(string name) => IsPlain(name) && random.Next(3) > 0 ? name : JsonSerializer.Serialize(name);

    private static bool IsPlain(string text) => Plain().IsMatch(text) && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");

    [GeneratedRegex("^(--)?[a-zA-Z/][a-zA-Z0-9/._-]*$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[\x20-\x7e\n]+$")]
    private static partial Regex Printable();
}
