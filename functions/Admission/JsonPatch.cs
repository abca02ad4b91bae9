using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Writes an RFC 6902 document that only adds. A diff of a re-serialised object would remove the fields that the reader does
/// not know; an addition cannot.
/// </summary>
/// <remarks>As bytes: the values are JSON already, and a Utf8JsonWriter takes five times as long to put them together.</remarks>
internal readonly ref struct JsonPatch
{
    /// <summary>Bytes. A thread's buffer is used again unless an exceptional pod has made it larger.</summary>
    private const int MostKept = 64 << 10;

    /// <summary>What stands for itself in JSON; nearly every path and name is made of these alone.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("/-_.,~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    [ThreadStatic]
    private static PooledBuffer? _buffer;

    private readonly PooledBuffer _json;

    /// <summary>Starts a document; a thread writes one at a time.</summary>
    public JsonPatch()
    {
        _json = _buffer is { Capacity: <= MostKept } kept ? kept : _buffer = new(4096);
        _json.Clear();
    }

    /// <summary>Adds a member to an object, or an element to a list where the path ends in <c>/-</c>.</summary>
    /// <param name="path">An RFC 6901 pointer; names in it have gone through <see cref="Escape"/>.</param>
    /// <param name="value">JSON, written as it is.</param>
    public void Add(string path, ReadOnlySpan<byte> value) => Add(Opening(path), value);

    /// <inheritdoc cref="Add(string, ReadOnlySpan{byte})"/>
    /// <param name="value">A text that becomes a JSON string.</param>
    public void AddString(string path, string value) => Add(Opening(path), [(byte)'"', .. Encode(value), (byte)'"']);

    /// <summary>Appends to a list, or makes the list where the object has none.</summary>
    /// <param name="fragments">Pieces of JSON.</param>
    /// <param name="chosen">Which of them; at least one.</param>
    public void Append(string path, bool exists, ReadOnlyMemory<byte>[] fragments, IEnumerable<int> chosen)
    {
        var opening = Opening(exists ? path + "/-" : path);
        if (exists)
        {
            foreach (var index in chosen)
                Add(opening, fragments[index].Span);
            return;
        }

        _json.Write(opening);
        var separator = "["u8;
        foreach (var index in chosen)
        {
            _json.Write(separator);
            _json.Write(fragments[index].Span);
            separator = ","u8;
        }

        _json.Write("]}"u8);
    }

    /// <summary>Ends the document, which has at least one operation.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        _json.Write("]"u8);
        byte[] document = [.. _json.Written];
        document[0] = (byte)'[';
        return document;
    }

    /// <summary>A member's name as a pointer spells it (RFC 6901, section 3).</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void Add(ReadOnlySpan<byte> opening, ReadOnlySpan<byte> value)
    {
        var operation = _json.GetSpan(opening.Length + value.Length + 1);
        opening.CopyTo(operation);
        value.CopyTo(operation[opening.Length..]);
        operation[opening.Length + value.Length] = (byte)'}';
        _json.Advance(opening.Length + value.Length + 1);
    }

    /// <summary>An operation up to its value; the comma before the first one becomes the bracket that starts the document.</summary>
    private static byte[] Opening(string path) => [.. ",{\"op\":\"add\",\"path\":\""u8, .. Encode(path), .. "\",\"value\":"u8];

    private static ReadOnlySpan<byte> Encode(string text) => text.AsSpan().ContainsAnyExcept(Plain)
        ? JsonEncodedText.Encode(text).EncodedUtf8Bytes
        : Encoding.ASCII.GetBytes(text);
}
