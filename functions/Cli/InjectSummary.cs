using System.Globalization;
using LxcfsFunctions.Explain;

namespace LxcfsFunctions.Cli;

/// <summary>What became of all the files together, in some lines.</summary>
internal static class InjectSummary
{
    public static IEnumerable<string> Of(IReadOnlyList<FilePreview> files)
    {
        var all = files.SelectMany(file => file.Preview.Documents.Select(document => (File: file, Document: document))).ToArray();
        yield return Line(all.Count(item => Is(item, PreviewOutcome.Patched)), "pod templates get the files", Kinds(all.Where(item => Is(item, PreviewOutcome.Patched))));
        foreach (var group in all.Where(item => Is(item, PreviewOutcome.Skipped)).GroupBy(item => item.Document.Reason))
            yield return Line(group.Count(), $"left alone ({group.Key})", Places(group));
        if (all.Any(item => Is(item, PreviewOutcome.Denied)))
            yield return Line(all.Count(item => Is(item, PreviewOutcome.Denied)), "would be refused", Places(all.Where(item => Is(item, PreviewOutcome.Denied))));
        yield return Line(all.Count(item => Is(item, PreviewOutcome.NoPod)), "objects have no pod template", Kinds(all.Where(item => Is(item, PreviewOutcome.NoPod))));
        if (files.Where(file => file.HasErrors).Select(file => file.File.Name).ToArray() is { Length: > 0 } unread)
            yield return Line(unread.Length, "files can't be read or changed as a whole, and are not printed", string.Join(", ", unread));
    }

    private static bool Is((FilePreview File, PreviewDocument Document) item, PreviewOutcome outcome) => item.Document.Outcome == outcome;

    private static string Kinds(IEnumerable<(FilePreview File, PreviewDocument Document)> items) => string.Join(
        ", ", items.GroupBy(item => item.Document.Kind).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}"));

    private static string Places(IEnumerable<(FilePreview File, PreviewDocument Document)> items) =>
        string.Join(", ", items.Select(item => $"{item.Document.Title} ({item.File.File.Name}:{item.Document.Line})"));

    private static string Line(int count, string what, string which) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(which.Length > 0 ? ": " : "")}{which}");
}
