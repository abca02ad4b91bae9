using System.Globalization;

namespace LxcfsFunctions.Cli;

/// <summary>
/// The unified format, as patch(1) takes it. Only for what inject does: it adds lines and changes a few, so the lines that
/// stay are found by looking ahead, in one pass over texts of any size.
/// </summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Lines; more than the additions to a pod of many containers.</summary>
    private const int LookAhead = 4000;

    private readonly record struct Line(char Mark, string Text);

    public static IEnumerable<string> Of(string name, string before, string after)
    {
        var lines = Compare(Split(before), Split(after)).ToArray();
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

    private static int? FindChange(Line[] lines, int from) =>
        Array.FindIndex(lines, from, line => line.Mark != ' ') is >= 0 and var found ? found : null;

    private static int EndOfHunk(Line[] lines, int change)
    {
        var last = change;
        for (var at = change; at < lines.Length && at <= last + 2 * Context; at++)
        {
            if (lines[at].Mark != ' ')
                last = at;
        }

        return Math.Min(lines.Length, last + 1 + Context);
    }

    private static IEnumerable<Line> Compare(string[] before, string[] after)
    {
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                yield return new(' ', after[j++]);
                i++;
            }
            else if (i < before.Length && (j == after.Length || Find(after, before[i], j) < 0))
                yield return new('-', before[i++]);
            else
                yield return new('+', after[j++]);
        }
    }

    private static int Find(string[] lines, string line, int from) =>
        Array.IndexOf(lines, line, from, Math.Min(LookAhead, lines.Length - from));

    private static string[] Split(string text)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToArray();
        if (lines[^1] == "\n")
            return lines[..^1];
        lines[^1] = lines[^1][..^1];
        return lines;
    }
}
