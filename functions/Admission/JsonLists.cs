namespace LxcfsFunctions.Admission;

/// <summary>
/// Cuts lists that nobody reads out of JSON before it is parsed. managedFields is half of the bytes of a large review, env much
/// of the rest; finding the end of a list takes a small part of the time that parsing it would.
/// </summary>
internal static class JsonLists
{
    /// <summary>Replaces every list that is a member of the given name by an empty one, in place and in one pass.</summary>
    /// <param name="json">UTF-8. White space between name and list only means that the list is kept.</param>
    /// <param name="member">
    /// The member's name and what follows it, such as <c>"env":[</c>. A quote inside a JSON string is escaped, so these bytes
    /// can be nothing but the start of a member.
    /// </param>
    /// <returns>The length of what is left at the start of the buffer. What does not end is kept, for the parser to refuse.</returns>
    public static int Cut(Span<byte> json, ReadOnlySpan<byte> member)
    {
        int read = 0, written = 0;
        while (json[read..].IndexOf(member) is >= 0 and var found)
        {
            var inside = read + found + member.Length;
            var end = JsonScanner.EndOfList(json[inside..]);
            if (end < 0)
                break;
            if (written != read)
                json[read..inside].CopyTo(json[written..]);
            written += inside - read;
            read = inside + end;
        }

        if (written != read)
            json[read..].CopyTo(json[written..]);
        return written + json.Length - read;
    }
}
