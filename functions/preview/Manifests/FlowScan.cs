namespace LxcfsFunctions.Manifests;

/// <summary>Finds where brackets and braces end, past quotes and comments.</summary>
internal static class FlowScan
{
    /// <summary>Behind the bracket that closes the one at an offset; null where none does.</summary>
    public static int? EndOf(string text, int open, int end) => Close(text, open, end, depth: 0);

    /// <summary>Behind the bracket that closes the ones around an offset; null where none does.</summary>
    public static int? EndAround(string text, int at, int end) => Close(text, at, end, depth: 1);

    private static int? Close(string text, int at, int end, int depth)
    {
        // Within a word a quote is a letter like others.
        var beginsValue = false;
        for (; at < end; at++)
        {
            switch (text[at])
            {
                case '[' or '{':
                    depth++;
                    beginsValue = true;
                    break;
                case ']' or '}':
                    if (--depth == 0)
                        return at + 1;
                    beginsValue = false;
                    break;
                case ',' or ':' or '?':
                    beginsValue = true;
                    break;
                case '"' or '\'' when beginsValue:
                    at = EndOfQuotes(text, at, end);
                    beginsValue = false;
                    break;
                case '#' when at > 0 && char.IsWhiteSpace(text[at - 1]):
                    at = TextScan.EndOfLine(text, at);
                    break;
                case '&' or '!' when beginsValue:
                    // An anchor or a tag, and then the value.
                    while (at + 1 < end && !char.IsWhiteSpace(text[at + 1]) && text[at + 1] is not (',' or ']' or '}'))
                        at++;
                    break;
                default:
                    beginsValue = beginsValue && char.IsWhiteSpace(text[at]);
                    break;
            }
        }

        return null;
    }

    /// <summary>The quote that closes the one at an offset; the end where none does.</summary>
    public static int EndOfQuotes(string text, int open, int end)
    {
        for (var at = open + 1; at < end; at++)
        {
            if (text[open] == '"' ? text[at] == '\\' : text.AsSpan(at).StartsWith("''", StringComparison.Ordinal))
                at++;
            else if (text[at] == text[open])
                return at;
        }

        return end;
    }
}
