namespace LxcfsFunctions.Manifests;

/// <summary>
/// Cuts a manifest where kubectl does, at lines that begin with <c>---</c> and between JSON objects one after the other, so that
/// a document that can't be read keeps no other from being read.
/// </summary>
internal static class DocumentPieces
{
    /// <summary>Offsets of all that stands in the manifest, in its order.</summary>
    public static IEnumerable<(int Start, int End)> Of(string manifest) =>
        AtSeparators(manifest).SelectMany(piece => BetweenObjects(manifest, piece.Start, piece.End));

    private static IEnumerable<(int Start, int End)> AtSeparators(string manifest)
    {
        var (start, hasContent) = (0, false);
        for (var line = 0; line < manifest.Length;)
        {
            var next = manifest.IndexOf('\n', line) is >= 0 and var end ? end + 1 : manifest.Length;
            if (IsSeparator(manifest.AsSpan(line, next - line)))
            {
                // Directives and comments in front of it are its own.
                if (hasContent)
                {
                    yield return (start, line);
                    start = line;
                }

                hasContent = HasContent(manifest.AsSpan(line + 3, next - line - 3));
            }
            else
                hasContent = hasContent || (manifest[line] != '%' && HasContent(manifest.AsSpan(line, next - line)));

            line = next;
        }

        yield return (start, manifest.Length);
    }

    private static bool IsSeparator(ReadOnlySpan<char> line) =>
        line.StartsWith("---", StringComparison.Ordinal) && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    private static bool HasContent(ReadOnlySpan<char> line) => line.TrimStart() is [not '#', ..];

    private static IEnumerable<(int Start, int End)> BetweenObjects(string manifest, int start, int end)
    {
        var at = SkipSpace(manifest, start, end);
        if (at < end && manifest[at] == '{')
        {
            while (FlowScan.EndOf(manifest, at, end) is { } close && SkipSpace(manifest, close, end) is var next && next < end && manifest[next] == '{')
            {
                yield return (start, close);
                (start, at) = (close, next);
            }
        }

        yield return (start, end);
    }

    private static int SkipSpace(string manifest, int at, int end)
    {
        while (at < end && char.IsWhiteSpace(manifest[at]))
            at++;
        return at;
    }
}
