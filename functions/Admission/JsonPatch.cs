using System.Buffers;
using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Writes an RFC 6902 document that only adds. A diff of a re-serialised object would remove the fields that the reader does
/// not know; an addition cannot.
/// </summary>
internal sealed class JsonPatch : IDisposable
{
    private static readonly JsonEncodedText Op = JsonEncodedText.Encode("op");
    private static readonly JsonEncodedText AddOp = JsonEncodedText.Encode("add");
    private static readonly JsonEncodedText Path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;

    public JsonPatch()
    {
        _json = new(_buffer, new() { SkipValidation = true });
        _json.WriteStartArray();
    }

    /// <summary>Adds a member to an object, or an element to a list where the path ends in <c>/-</c>.</summary>
    /// <param name="path">An RFC 6901 pointer; names in it have gone through <see cref="Escape"/>.</param>
    /// <param name="value">JSON, written as it is.</param>
    public void Add(ReadOnlySpan<char> path, ReadOnlySpan<byte> value)
    {
        StartAdd(path);
        _json.WriteRawValue(value, skipInputValidation: true);
        _json.WriteEndObject();
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{char}, ReadOnlySpan{byte})"/>
    public void Add(ReadOnlySpan<char> path, string value)
    {
        StartAdd(path);
        _json.WriteStringValue(value);
        _json.WriteEndObject();
    }

    /// <summary>Appends to a list, or makes the list where the object has none.</summary>
    /// <param name="fragments">Pieces of JSON.</param>
    /// <param name="chosen">Which of them.</param>
    public void Append(string path, bool exists, IReadOnlyList<ReadOnlyMemory<byte>> fragments, IEnumerable<int> chosen)
    {
        if (exists)
        {
            var end = JsonEncodedText.Encode(path + "/-");
            foreach (var index in chosen)
            {
                StartAdd(end);
                _json.WriteRawValue(fragments[index].Span, skipInputValidation: true);
                _json.WriteEndObject();
            }

            return;
        }

        StartAdd(JsonEncodedText.Encode(path));
        _json.WriteStartArray();
        foreach (var index in chosen)
            _json.WriteRawValue(fragments[index].Span, skipInputValidation: true);
        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    /// <summary>Ends the document.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        _json.WriteEndArray();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>A member's name as a pointer spells it (RFC 6901, section 3).</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public void Dispose() => _json.Dispose();

    private void StartAdd(ReadOnlySpan<char> path) => StartAdd(JsonEncodedText.Encode(path));

    private void StartAdd(JsonEncodedText path)
    {
        _json.WriteStartObject();
        _json.WriteString(Op, AddOp);
        _json.WriteString(Path, path);
        _json.WritePropertyName(Value);
    }
}
