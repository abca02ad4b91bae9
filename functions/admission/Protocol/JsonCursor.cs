using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Goes through JSON and jumps over what nobody reads. It knows what an API server writes; at anything else, malformed or only
/// unusual (an escape in a name, letters beyond ASCII), it fails, and stays failed: every further call finds the end.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;
    private bool _failed;

    /// <summary>Whether all was read and nothing but white space is left.</summary>
    public bool AtEnd() => Peek() == 0 && _at == _json.Length && !_failed;

    /// <summary>Goes to the next member of an object and reads its name; false, behind the object, where there is none.</summary>
    /// <param name="inside">Whether the object has been entered.</param>
    public bool ReadMember(ref bool inside, out ReadOnlySpan<byte> name)
    {
        name = [];
        if (!Move(ref inside, (byte)'{', (byte)'}'))
            return false;
        name = ReadPlainString();
        if (!TryTake((byte)':'))
            Fail();
        return true;
    }

    /// <summary>Goes to the next element of a list; false, behind the list, where there is none.</summary>
    /// <param name="inside">Whether the list has been entered.</param>
    public bool ReadItem(ref bool inside) => Move(ref inside, (byte)'[', (byte)']');

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNull() => Peek() == 'n' && TryTake("null"u8);

    public string? ReadText()
    {
        if (TryReadNull())
            return null;
        var text = ReadPlainString();
        if (text.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            Fail();
        return Encoding.Latin1.GetString(text);
    }

    public bool? ReadBoolean()
    {
        if (TryReadNull())
            return null;
        var value = TryTake("true"u8);
        if (!value && !TryTake("false"u8))
            Fail();
        return value;
    }

    /// <summary>A value of a context's type, by System.Text.Json.</summary>
    public T? Bind<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Skip(), type);
        }
        catch (JsonException)
        {
            Fail();
            return default;
        }
    }

    /// <summary>Any value, unread: of a list or an object only the brackets of its own kind and the strings are looked at.</summary>
    public ReadOnlySpan<byte> Skip()
    {
        var first = Peek();
        var start = _at;
        switch (first)
        {
            case (byte)'"':
                JumpBehind(JsonScanner.EndOfString(_json[++_at..]));
                break;
            case (byte)'{':
                JumpBehind(JsonScanner.EndOf(_json[++_at..], (byte)'{', (byte)'}'));
                break;
            case (byte)'[':
                JumpBehind(JsonScanner.EndOf(_json[++_at..], (byte)'[', (byte)']'));
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                SkipNumber();
                break;
            default:
                ReadBoolean();
                break;
        }

        return _json[start.._at];
    }

    /// <summary>Gives up, for a parser to judge. False, for brevity where that is returned.</summary>
    private bool Fail()
    {
        _failed = true;
        _at = _json.Length;
        return false;
    }

    private bool Move(ref bool inside, byte open, byte close)
    {
        if (inside)
            return TryTake((byte)',') || (!TryTake(close) && Fail());
        inside = true;
        return TryTake(open) ? !TryTake(close) : Fail();
    }

    /// <summary>The next byte that is not white space; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Peek() => (uint)_at < (uint)_json.Length && _json[_at] > ' ' ? _json[_at] : PeekBehindSpace();

    private byte PeekBehindSpace()
    {
        while (_at < _json.Length)
        {
            var next = _json[_at];
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                return next;
            _at++;
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(byte wanted)
    {
        // An API server writes no white space.
        if ((uint)_at >= (uint)_json.Length || _json[_at] != wanted && Peek() != wanted)
            return false;
        _at++;
        return true;
    }

    private bool TryTake(ReadOnlySpan<byte> literal)
    {
        if (Peek() == 0 || !_json[_at..].StartsWith(literal))
            return false;
        _at += literal.Length;
        return true;
    }

    private ReadOnlySpan<byte> ReadPlainString()
    {
        if (!TryTake((byte)'"'))
            Fail();
        var rest = _json[_at..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] != '"')
        {
            Fail();
            return [];
        }

        _at += end + 1;
        return rest[..end];
    }

    private void SkipNumber()
    {
        while (_at < _json.Length && _json[_at] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
            _at++;
    }

    private void JumpBehind(int end)
    {
        if (end < 0)
            Fail();
        else
            _at += end + 1;
    }
}
