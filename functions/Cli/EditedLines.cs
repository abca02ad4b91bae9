using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Cli;

/// <summary>A line of a text, its line break included.</summary>
/// <param name="Mark">A space where it stays, <c>-</c> where it goes, <c>+</c> where it is new.</param>
internal readonly record struct EditedLine(char Mark, string Text);

/// <summary>
/// What edits do to the lines of a text. The lines that no edit touches stay; only the others are compared, so the result is as
/// small as a comparison of the whole texts would find it, in the time of one pass.
/// </summary>
internal static class EditedLines
{
    /// <summary>Of one place, so that no table of a comparison is larger than some megabytes.</summary>
    private const int MostCompared = 1 << 20;

    public static IEnumerable<EditedLine> Of(string text, IEnumerable<TextEdit> edits)
    {
        var at = 0;
        foreach (var (start, end, region) in Regions(text, edits))
        {
            foreach (var line in Split(text[at..start]))
                yield return new(' ', line);
            var edited = TextEdit.Apply(text[start..end], region.Select(edit => edit with { Start = edit.Start - start, End = edit.End - start }));
            foreach (var line in Compare(Split(text[start..end]), Split(edited)))
                yield return line;
            at = end;
        }

        foreach (var line in Split(text[at..]))
            yield return new(' ', line);
    }

    /// <summary>Whole lines, and the edits that touch them.</summary>
    private static IEnumerable<(int Start, int End, List<TextEdit> Edits)> Regions(string text, IEnumerable<TextEdit> edits)
    {
        (int Start, int End, List<TextEdit> Edits)? open = null;
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            var (start, end) = (TextScan.StartOfLine(text, edit.Start), EndOfLine(text, edit.End));
            if (open is { } region && start < region.End)
            {
                region.Edits.Add(edit);
                open = region with { End = Math.Max(region.End, end) };
                continue;
            }

            if (open is { } done)
                yield return done;
            open = (start, end, [edit]);
        }

        if (open is { } last)
            yield return last;
    }

    /// <summary>Behind the line break.</summary>
    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;

    private static IEnumerable<EditedLine> Compare(string[] before, string[] after)
    {
        var (first, last) = (0, 0);
        while (first < Math.Min(before.Length, after.Length) && before[first] == after[first])
            first++;
        while (last < Math.Min(before.Length, after.Length) - first && before[^(last + 1)] == after[^(last + 1)])
            last++;
        return
        [
            .. before[..first].Select(line => new EditedLine(' ', line)),
            .. Differing(before[first..^last], after[first..^last]),
            .. before[^last..].Select(line => new EditedLine(' ', line)),
        ];
    }

    /// <summary>By the longest common subsequence.</summary>
    private static IEnumerable<EditedLine> Differing(string[] before, string[] after)
    {
        if ((long)before.Length * after.Length > MostCompared)
            return [.. before.Select(line => new EditedLine('-', line)), .. after.Select(line => new EditedLine('+', line))];
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        return Walk(before, after, common);
    }

    private static IEnumerable<EditedLine> Walk(string[] before, string[] after, int[,] common)
    {
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                yield return new(' ', after[j++]);
                i++;
            }
            else if (i < before.Length && (j == after.Length || common[i + 1, j] >= common[i, j + 1]))
                yield return new('-', before[i++]);
            else
                yield return new('+', after[j++]);
        }
    }

    private static string[] Split(string text)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToArray();
        if (lines[^1] == "\n")
            return lines[..^1];
        lines[^1] = lines[^1][..^1];
        return lines;
    }
}
