using YamlDotNet.Core;

namespace LxcfsFunctions.Manifests;

/// <summary>Finds places in a text of YAML.</summary>
internal static class TextScan
{
    /// <summary>
    /// Where a scalar's own characters end: the parser counts the blank lines behind a block scalar too. They belong to it only
    /// where it says <c>+</c>.
    /// </summary>
    public static int EndOfScalar(string text, int start, int end, ScalarStyle style)
    {
        // An empty one can be said to stand behind the end.
        start = Math.Min(start, text.Length);
        end = Math.Clamp(end, start, text.Length);
        var isBlock = style is ScalarStyle.Literal or ScalarStyle.Folded;
        if (isBlock && text.AsSpan(start, end - start).SliceToLine().Contains('+'))
            return end > start && text[end - 1] == '\n' ? end - (end > start + 1 && text[end - 2] == '\r' ? 2 : 1) : end;
        return style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? end : start + text.AsSpan(start, end - start).TrimEnd().Length;
    }

    /// <summary>Behind the anchors, tags, comments and line breaks in front of a block collection.</summary>
    public static int SkipProperties(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] is '&' or '!')
            {
                while (at < text.Length && !char.IsWhiteSpace(text[at]))
                    at++;
            }
            else if (text[at] == '#')
                at = EndOfLine(text, at);
            else if (char.IsWhiteSpace(text[at]))
                at++;
            else
                break;
        }

        return at;
    }

    public static int ColumnOf(string text, int at) => at - StartOfLine(text, at);

    public static int StartOfLine(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>In front of the line break, or the end of the text.</summary>
    public static int EndOfLine(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        if (end < 0)
            return text.Length;
        return end > at && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>The line break that the text uses around an offset.</summary>
    public static string LineBreak(string text, int at)
    {
        var near = at == 0 ? -1 : text.LastIndexOf('\n', at - 1);
        if (near < 0)
            near = text.IndexOf('\n', at);
        return near > 0 && text[near - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>The end of the last of the comment lines that follow and are indented at least so far.</summary>
    public static int SkipComments(string text, int endOfLine, int leastColumn)
    {
        while (endOfLine < text.Length)
        {
            var line = text.IndexOf('\n', endOfLine) + 1;
            if (line == 0)
                break;
            var at = line;
            while (at < text.Length && text[at] == ' ')
                at++;
            if (at == text.Length || text[at] != '#' || at - line < leastColumn)
                break;
            endOfLine = EndOfLine(text, at);
        }

        return endOfLine;
    }

    private static ReadOnlySpan<char> SliceToLine(this ReadOnlySpan<char> text) =>
        text.IndexOf('\n') is >= 0 and var end ? text[..end].BeforeComment() : text.BeforeComment();

    private static ReadOnlySpan<char> BeforeComment(this ReadOnlySpan<char> text) => text.IndexOf('#') is >= 0 and var end ? text[..end] : text;
}
