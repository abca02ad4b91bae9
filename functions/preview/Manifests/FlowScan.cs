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
        for (; at < end; at++)
        {
            switch (text[at])
            {
                case '[' or '{':
                    depth++;
                    break;
                case ']' or '}':
                    if (--depth == 0)
                        return at + 1;
                    break;
                case '"' or '\'' when BeginsValue(text, at):
                    at = EndOfQuotes(text, at, end);
                    break;
                case '#' when at > 0 && char.IsWhiteSpace(text[at - 1]):
                    at = TextScan.EndOfLine(text, at);
                    break;
            }
        }

        return null;
    }

    /// <summary>Within a word a quote is a letter like others.</summary>
    private static bool BeginsValue(string text, int at)
    {
        while (at > 0 && char.IsWhiteSpace(text[at - 1]))
            at--;
        return at == 0 || text[at - 1] is '[' or '{' or ',' or ':' or '?';
    }

    private static int EndOfQuotes(string text, int open, int end)
    {
        for (var at = open + 1; at < end; at++)
        {
            if (text[at] == '\\' && text[open] == '"')
                at++;
            else if (text[at] == text[open])
                return at;
        }

        return end;
    }
}
