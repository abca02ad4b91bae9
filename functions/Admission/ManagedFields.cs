using System.Buffers;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Cuts <c>metadata.managedFields</c> out of a review before it is parsed. It is half of the bytes of a large one, nests
/// deeply, and nothing here reads it; finding its end takes a fraction of the time that parsing it would.
/// </summary>
internal static class ManagedFields
{
    private static readonly SearchValues<byte> Structural = SearchValues.Create("\"[]"u8);

    // A quote inside a JSON string is escaped, so these bytes can't be anything but the start of a member. A list of that name
    // elsewhere is cut too; no decision reads one. White space in it only means that the slow way is taken.
    private static ReadOnlySpan<byte> Start => "\"managedFields\":["u8;

    /// <summary>Replaces each list by an empty one, in place and in one pass.</summary>
    /// <returns>The length of what is left at the start of the buffer. What does not end is kept, for the parser to refuse.</returns>
    public static int Cut(Span<byte> json)
    {
        int read = 0, written = 0;
        while (json[read..].IndexOf(Start) is >= 0 and var found)
        {
            var inside = read + found + Start.Length;
            var end = EndOfList(json[inside..]);
            if (end < 0)
                break;
            json[read..inside].CopyTo(json[written..]);
            written += inside - read;
            read = inside + end;
        }

        json[read..].CopyTo(json[written..]);
        return written + json.Length - read;
    }

    /// <summary>The offset of the bracket that closes the list that the span is inside of; -1 where there is none.</summary>
    private static int EndOfList(ReadOnlySpan<byte> json)
    {
        var depth = 1;
        for (var at = 0; json[at..].IndexOfAny(Structural) is >= 0 and var next;)
        {
            at += next;
            switch (json[at++])
            {
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']':
                    if (--depth == 0)
                        return at - 1;
                    break;
                default:
                    var length = EndOfString(json[at..]);
                    if (length < 0)
                        return -1;
                    at += length;
                    break;
            }
        }

        return -1;
    }

    private static int EndOfString(ReadOnlySpan<byte> json)
    {
        for (var at = 0; json[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var next;)
        {
            at += next;
            if (json[at] == '"')
                return at + 1;
            at += 2;
            if (at > json.Length)
                return -1;
        }

        return -1;
    }
}
