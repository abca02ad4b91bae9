using System.Globalization;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Cli;

/// <summary>The unified format, as patch(1) takes it, of a text and what is edited in it.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    public static IEnumerable<string> Of(string name, string text, IEnumerable<TextEdit> edits)
    {
        var lines = EditedLines.Of(text, edits).ToArray();
        yield return $"--- {name}";
        yield return $"+++ {name}";
        var (old, now, next) = (0, 0, 0);
        while (FindChange(lines, next) is { } change)
        {
            var (start, end) = (Math.Max(next, change - Context), EndOfHunk(lines, change));
            (old, now) = (old + start - next, now + start - next);
            var hunk = lines[start..end];
            var (removed, added) = (hunk.Count(line => line.Mark != '+'), hunk.Count(line => line.Mark != '-'));
            yield return string.Create(CultureInfo.InvariantCulture, $"@@ -{First(old, removed)},{removed} +{First(now, added)},{added} @@");
            foreach (var line in hunk)
                yield return line.Mark + (line.Text.EndsWith('\n') ? line.Text[..^1] : line.Text + "\n\\ No newline at end of file");
            (old, now, next) = (old + removed, now + added, end);
        }
    }

    private static int First(int before, int count) => count == 0 ? before : before + 1;

    private static int? FindChange(EditedLine[] lines, int from) =>
        Array.FindIndex(lines, from, line => line.Mark != ' ') is >= 0 and var found ? found : null;

    private static int EndOfHunk(EditedLine[] lines, int change)
    {
        var last = change;
        for (var at = change; at < lines.Length && at <= last + 2 * Context; at++)
        {
            if (lines[at].Mark != ' ')
                last = at;
        }

        return Math.Min(lines.Length, last + 1 + Context);
    }
}
