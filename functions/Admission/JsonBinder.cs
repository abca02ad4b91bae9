using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Binds JSON to a type of a source-generated context, by the context's own metadata, as System.Text.Json would. Only what is
/// passed over costs less: most of a review is fields that no decision reads, and System.Text.Json takes every one of them
/// apart. What is not plain enough for <see cref="JsonCursor"/> is left to System.Text.Json.
/// </summary>
/// <remarks>Not generic: code that is shared among types looks its types up at every step.</remarks>
internal sealed class JsonBinder
{
    private delegate object? Reader(ref JsonCursor json);

    private static readonly object True = true;
    private static readonly object False = false;

    private readonly Dictionary<Type, Reader> _readers = new()
    {
        [typeof(string)] = static (ref json) => json.ReadString(),
        [typeof(bool?)] = static (ref json) => json.ReadBoolean() ? True : False,
    };

    private readonly Type[] _unread;
    private readonly Reader _read;

    /// <param name="type">Every type below it has a constructor without parameters or a converter; lists are lists of classes or strings.</param>
    /// <param name="unread">Members of these types are passed over too.</param>
    public JsonBinder(JsonTypeInfo type, params Type[] unread)
    {
        _unread = unread;
        _read = ReaderOf(type);
    }

    /// <summary>Null where System.Text.Json should read it instead, or say what is wrong with it.</summary>
    public object? TryRead(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        var value = ReadOrNull(ref cursor, _read);
        return cursor.AtEnd() ? value : null;
    }

    private Reader ReaderOf(JsonTypeInfo type)
    {
        if (!_readers.TryGetValue(type.Type, out var reader))
            _readers[type.Type] = reader = type.Kind switch
            {
                JsonTypeInfoKind.Object => ObjectReader(type),
                JsonTypeInfoKind.Enumerable => ListReader(type),
                _ => ConvertedReader(type),
            };
        return reader;
    }

    private Reader ObjectReader(JsonTypeInfo type)
    {
        var create = type.CreateObject!;
        (byte[] Name, Action<object, object?> Set, Reader Read)[] members =
        [
            .. type.Properties.Where(property => property.Set is not null && !_unread.Contains(property.PropertyType))
                .Select(property => (Encoding.UTF8.GetBytes(property.Name), property.Set!, ReaderOf(type.Options.GetTypeInfo(property.PropertyType)))),
        ];
        return (ref json) =>
        {
            var item = create();
            for (var more = json.Enter((byte)'{', (byte)'}'); more; more = json.Next((byte)'}'))
            {
                var name = json.ReadName();
                var i = 0;
                while (i < members.Length && !name.SequenceEqual(members[i].Name))
                    i++;
                if (i < members.Length)
                    members[i].Set(item, ReadOrNull(ref json, members[i].Read));
                else
                    json.Skip();
            }

            return item;
        };
    }

    private Reader ListReader(JsonTypeInfo type)
    {
        var create = type.CreateObject!;
        var read = ReaderOf(type.Options.GetTypeInfo(type.ElementType!));
        return (ref json) =>
        {
            var list = (IList)create();
            for (var more = json.Enter((byte)'[', (byte)']'); more; more = json.Next((byte)']'))
                list.Add(ReadOrNull(ref json, read));
            return list;
        };
    }

    private static Reader ConvertedReader(JsonTypeInfo type) => (ref json) =>
    {
        try
        {
            return JsonSerializer.Deserialize(json.Skip(), type);
        }
        catch (JsonException)
        {
            json.Fail();
            return null;
        }
    };

    private static object? ReadOrNull(ref JsonCursor json, Reader read) => json.TryReadNull() ? null : read(ref json);
}
