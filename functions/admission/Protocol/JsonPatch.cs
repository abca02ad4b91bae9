namespace LxcfsFunctions.Admission;

/// <summary>
/// Writes an RFC 6902 document that only adds. A diff of a re-serialised object would remove the fields that the reader does
/// not know; an addition cannot.
/// </summary>
/// <remarks>As bytes: the values are JSON already, and a Utf8JsonWriter takes four times as long to put them together.</remarks>
internal readonly ref struct JsonPatch
{
    /// <summary>Bytes. A thread's buffer is used again unless an exceptional pod has made it larger.</summary>
    private const int MostKept = 64 << 10;

    [ThreadStatic]
    private static PooledBuffer? _buffer;

    private readonly PooledBuffer _json;

    /// <summary>Starts a document; a thread writes one at a time.</summary>
    public JsonPatch()
    {
        _json = _buffer is { Capacity: <= MostKept } kept ? kept : _buffer = new(MostKept / 8);
        _json.Clear();
        _json.Write("["u8);
    }

    /// <summary>Adds a member to an object, or an element to a list where the path ends in <c>/-</c>.</summary>
    /// <param name="path">An RFC 6901 pointer; names in it have gone through <see cref="Escape"/>.</param>
    /// <param name="value">JSON, written as it is.</param>
    public void Add(string path, ReadOnlySpan<byte> value)
    {
        Start(path);
        _json.Write(value);
        _json.Write("}"u8);
    }

    /// <inheritdoc cref="Add(string, ReadOnlySpan{byte})"/>
    /// <param name="value">A text that becomes a JSON string.</param>
    public void AddString(string path, string value)
    {
        Start(path);
        _json.WriteString(value);
        _json.Write("}"u8);
    }

    /// <summary>Appends to a list, or makes the list where the object has none.</summary>
    /// <param name="path">Of the list.</param>
    /// <param name="values">Pieces of JSON; at least one.</param>
    public void Append(string path, bool exists, ReadOnlySpan<byte[]> values)
    {
        if (!exists)
        {
            AddList(path, values);
            return;
        }

        var opening = Start(path, "/-");
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
            {
                _json.Write(","u8);
                _json.Repeat(opening);
            }

            _json.Write(values[i]);
            _json.Write("}"u8);
        }
    }

    /// <summary>Ends the document, which stays readable until the thread starts another.</summary>
    public ReadOnlySpan<byte> Complete()
    {
        _json.Write("]"u8);
        return _json.Written;
    }

    /// <summary>A member's name as a pointer spells it (RFC 6901, section 3).</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void AddList(string path, ReadOnlySpan<byte[]> values)
    {
        Start(path);
        var separator = "["u8;
        foreach (var value in values)
        {
            _json.Write(separator);
            _json.Write(value);
            separator = ","u8;
        }

        _json.Write("]}"u8);
    }

    /// <summary>Writes an operation up to its value, and says where it has done so.</summary>
    private Range Start(string path, string end = "")
    {
        if (_json.Written.Length > 1)
            _json.Write(","u8);
        var start = _json.Written.Length;
        _json.Write("{\"op\":\"add\",\"path\":\""u8);
        _json.WriteEscaped(path);
        _json.WriteEscaped(end);
        _json.Write("\",\"value\":"u8);
        return start.._json.Written.Length;
    }
}
