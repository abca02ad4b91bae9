using System.Buffers;
using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>
/// An RFC 6902 document that only adds. A diff of a re-serialised object would remove the fields that the reader does not
/// know; an addition cannot.
/// </summary>
internal sealed class JsonPatch
{
    public static readonly byte[] EmptyObject = [.. "{}"u8];

    /// <summary>All of one container and its pod are two dozen.</summary>
    private readonly List<(string Path, byte[] Value)> _additions = new(32);

    /// <summary>Adds a member to an object, or an element to a list where the path ends in <c>/-</c>.</summary>
    /// <param name="path">An RFC 6901 pointer; names in it have gone through <see cref="Escape"/>.</param>
    /// <param name="value">JSON, written as it is.</param>
    public void Add(string path, byte[] value) => _additions.Add((path, value));

    /// <summary>Appends to a list, or makes the list where the object has none.</summary>
    /// <param name="path">Of the list.</param>
    /// <param name="values">JSON; at least one.</param>
    public void Append(string path, bool exists, IReadOnlyList<byte[]> values)
    {
        if (!exists)
        {
            Add(path, ListOf(values));
            return;
        }

        path += "/-";
        foreach (var value in values)
            Add(path, value);
    }

    /// <summary>Writes the document.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, new() { SkipValidation = true });
        json.WriteStartArray();
        foreach (var (path, value) in _additions)
        {
            json.WriteStartObject();
            json.WriteString("op"u8, "add"u8);
            json.WriteString("path"u8, path);
            json.WritePropertyName("value"u8);
            json.WriteRawValue(value, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A member's name as a pointer spells it (RFC 6901, section 3).</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>A text as a value.</summary>
    public static byte[] Text(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];

    private static byte[] ListOf(IReadOnlyList<byte[]> values) =>
        [(byte)'[', .. values.SelectMany((value, i) => i == 0 ? value : [(byte)',', .. value]), (byte)']'];
}
