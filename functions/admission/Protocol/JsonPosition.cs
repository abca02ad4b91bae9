using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>Where in a text a reader gave up. Worked out afterwards, so that reading what is right costs nothing for it.</summary>
internal static class JsonPosition
{
    /// <summary>Bytes of a member's name that are told; the longest that Kubernetes has has fewer.</summary>
    private const int LongestName = 60;

    /// <summary>The path of the value that ends at an offset, or goes on there, as System.Text.Json writes it: <c>$.spec.containers[0]</c>.</summary>
    public static string PathAt(ReadOnlySpan<byte> json, long offset)
    {
        var steps = new Stack<(string? Name, int Index)>();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.BytesConsumed < offset && reader.Read())
                Follow(ref reader, steps);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // What comes next is what the reader gave up at.
        }

        return "$" + string.Concat(steps.Reverse().Select(Step));
    }

    /// <summary>As people and compilers count, from 1.</summary>
    public static string LineAt(ReadOnlySpan<byte> json, long offset)
    {
        var before = json[..(int)offset];
        return string.Create(CultureInfo.InvariantCulture, $"line {before.Count((byte)'\n') + 1}, byte {before.Length - before.LastIndexOf((byte)'\n') - 1}");
    }

    private static void Follow(ref Utf8JsonReader reader, Stack<(string? Name, int Index)> steps)
    {
        if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            steps.Pop();
            return;
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            steps.Pop();
            steps.Push((NameOf(ref reader), -1));
            return;
        }

        if (steps.TryPop(out var step))
            steps.Push(step.Name is null ? (null, step.Index + 1) : step);
        if (reader.TokenType == JsonTokenType.StartObject)
            steps.Push(("", -1));
        else if (reader.TokenType == JsonTokenType.StartArray)
            steps.Push((null, -1));
    }

    private static string NameOf(ref Utf8JsonReader reader) => reader.ValueSpan.Length <= LongestName
        ? reader.GetString()!
        : Encoding.UTF8.GetString(reader.ValueSpan[..LongestName]) + "...";

    private static string Step((string? Name, int Index) step) => step switch
    {
        { Name: null, Index: < 0 } or { Name: "" } => "",
        { Name: null } => string.Create(CultureInfo.InvariantCulture, $"[{step.Index}]"),
        { Name: var name } => name.All(char.IsAsciiLetterOrDigit) ? $".{name}" : $"['{name}']",
    };
}
