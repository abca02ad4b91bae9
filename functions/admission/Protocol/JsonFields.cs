using System.Text.Json;

namespace LxcfsFunctions.Admission;

/// <summary>Reads a member's value, whose first token the reader is at.</summary>
internal delegate void ReadField<T>(ref Utf8JsonReader json, T owner);

/// <summary>
/// The members of an object that are read, by their names. Any other is passed over, but has to be JSON too. Strict, since an API
/// server writes plain JSON: a member that is read may stand in its object once, or two readers could take the same bytes for two pods.
/// </summary>
internal sealed class JsonFields<T>(params (string Name, ReadField<T> Read)[] fields) where T : class, new()
{
    private readonly (byte[] Name, ReadField<T> Read)[] _fields = [.. fields.Select(field => (System.Text.Encoding.UTF8.GetBytes(field.Name), field.Read))];

    /// <summary>An object, or null.</summary>
    public T? Read(ref Utf8JsonReader json)
    {
        if (!json.IsAt(JsonTokenType.StartObject))
            return null;
        var (value, seen) = (new T(), 0u);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(ref json);
            json.Read();
            if (index < 0)
            {
                json.Skip();
                continue;
            }

            if ((seen & 1u << index) != 0)
                throw new JsonException("it stands there twice");
            seen |= 1u << index;
            _fields[index].Read(ref json, value);
        }

        return value;
    }

    /// <summary>A list of such objects and nulls, or null.</summary>
    public List<T?>? ReadList(ref Utf8JsonReader json)
    {
        if (!json.IsAt(JsonTokenType.StartArray))
            return null;
        var list = new List<T?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            list.Add(Read(ref json));
        return list;
    }

    private int IndexOf(ref Utf8JsonReader json)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            if (json.ValueIsEscaped ? json.ValueTextEquals(_fields[i].Name) : json.ValueSpan.SequenceEqual(_fields[i].Name))
                return i;
        }

        return -1;
    }
}

/// <summary>The values that fields have.</summary>
internal static class JsonValues
{
    public const string OtherWord = "";

    /// <summary>Whether a value of this kind begins here; false for null, and an error for anything else.</summary>
    public static bool IsAt(this ref Utf8JsonReader json, JsonTokenType start) =>
        json.TokenType == start || (json.TokenType == JsonTokenType.Null ? false : throw new JsonException($"expected {start}"));

    public static string? ReadText(this ref Utf8JsonReader json) => json.IsAt(JsonTokenType.String) ? json.GetString() : null;

    /// <summary>One of these words; <see cref="OtherWord"/> for any other text.</summary>
    public static string? ReadWord(this ref Utf8JsonReader json, IReadOnlyList<JsonEncodedText> words)
    {
        if (!json.IsAt(JsonTokenType.String))
            return null;
        for (var i = 0; i < words.Count; i++)
        {
            if (json.ValueTextEquals(words[i].EncodedUtf8Bytes))
                return words[i].Value;
        }

        return OtherWord;
    }

    /// <summary>Passes over a text that nobody needs.</summary>
    public static string? PassText(this ref Utf8JsonReader json) => json.IsAt(JsonTokenType.String) ? OtherWord : null;

    public static bool? ReadFlag(this ref Utf8JsonReader json) => json.TokenType == JsonTokenType.False ? false : json.IsAt(JsonTokenType.True) ? true : null;

    public static List<string?>? ReadTexts(this ref Utf8JsonReader json)
    {
        if (!json.IsAt(JsonTokenType.StartArray))
            return null;
        var list = new List<string?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            list.Add(json.ReadText());
        return list;
    }
}
