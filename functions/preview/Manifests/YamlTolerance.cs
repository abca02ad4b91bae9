using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace LxcfsFunctions.Manifests;

/// <summary>
/// What kubectl reads and YamlDotNet doesn't, made such that both do. Nothing of it changes a value: the spaces concerned mean
/// nothing where they stand.
/// </summary>
internal static partial class YamlTolerance
{
    /// <param name="position">Where the parser stopped, in the adapted text.</param>
    /// <returns>The text to try next; null where nothing is known to help.</returns>
    public static AdaptedText? Adapt(string manifest, AdaptedText text, int position, Exception exception) => exception switch
    {
        InvalidOperationException => text.With(IndentedFlow(manifest, text, text.OriginalOf(Math.Min(position, text.Text.Length)))),
        SyntaxErrorException { Start.Index: var start } when start < text.Text.Length && text.Text[(int)start] == '"' => text.With(IndentedQuotes(manifest, text, text.OriginalOf((int)start))),
        SemanticErrorException => text.With(BlankFirstLines(manifest, text)),
        _ => null,
    };

    /// <summary>A word between brackets that begins a line at or left of the column of its block: all lines up to the closing bracket are indented.</summary>
    private static IEnumerable<TextEdit> IndentedFlow(string manifest, AdaptedText text, int position)
    {
        var indent = new string(' ', 1 + DeepestIndent(text.Original));
        var end = FlowScan.EndAround(manifest, position, text.End) ?? text.End;
        for (var line = Math.Max(text.Start, TextScan.StartOfLine(manifest, position)); line < end;)
        {
            yield return new(line, line, indent, 0);
            line = manifest.IndexOf('\n', line, end - line) is >= 0 and var next ? next + 1 : end;
        }
    }

    /// <summary>A text in double quotes that goes on at or left of the column of its block.</summary>
    private static IEnumerable<TextEdit> IndentedQuotes(string manifest, AdaptedText text, int open)
    {
        var (indent, end) = (new string(' ', 1 + DeepestIndent(text.Original)), FlowScan.EndOfQuotes(manifest, open, text.End));
        for (var line = open; manifest.IndexOf('\n', line, end - line) is >= 0 and var next; line = next + 1)
            yield return new(next + 1, next + 1, indent, 0);
    }

    private static int DeepestIndent(ReadOnlySpan<char> text)
    {
        var deepest = 0;
        foreach (var line in text.EnumerateLines())
        {
            if (line.IndexOfAnyExcept(' ', '-', '?') is var indent && indent > deepest)
                deepest = indent;
        }

        return deepest;
    }

    /// <summary>A literal block whose first lines are nothing but spaces, no more of them than its text has in front.</summary>
    private static IEnumerable<TextEdit> BlankFirstLines(string manifest, AdaptedText text)
    {
        foreach (Match header in BlockHeader().Matches(text.Original.ToString()))
        {
            var line = text.Start + header.Index + header.Length;
            var blanks = new List<TextEdit>();
            var first = line;
            for (; first < text.End && LengthOfBlank(manifest, first, text.End) is { } length; first = manifest.IndexOf('\n', first) + 1)
                blanks.Add(new(first, first + length, "", 0));
            var indent = first;
            while (indent < text.End && manifest[indent] == ' ')
                indent++;
            if (blanks.TrueForAll(blank => blank.End - blank.Start <= indent - first))
            {
                foreach (var blank in blanks.Where(blank => blank.End > blank.Start))
                    yield return blank;
            }
        }
    }

    /// <summary>The spaces of a line that has nothing else and an end; null for any other line.</summary>
    private static int? LengthOfBlank(string manifest, int line, int end)
    {
        var at = line;
        while (at < end && manifest[at] == ' ')
            at++;
        return at < end && manifest[at] is '\n' or '\r' && manifest.IndexOf('\n', at) is var next && next >= 0 && next < end ? at - line : null;
    }

    [GeneratedRegex(@"(^|[ \t:-])\|[0-9+-]{0,2}[ \t]*(#[^\n]*)?\r?\n", RegexOptions.Multiline)]
    private static partial Regex BlockHeader();
}
