using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Documentation;

/// <summary>A page's parts that are the same in every language.</summary>
internal sealed partial class Markdown
{
    private readonly string _path;
    private readonly string _text;
    private readonly string _prose;

    private Markdown(string path)
    {
        _path = path;
        _text = Repository.Read(path);
        _prose = Fence().Replace(_text, "");
    }

    public static Markdown Read(string path) => new(path);

    public IEnumerable<int> HeadingLevels => Headings.Select(heading => heading.TakeWhile(letter => letter == '#').Count());

    /// <summary>Its blocks, without what is said in comments.</summary>
    public IEnumerable<string> Blocks => Fence().Matches(_text).Select(block => Comment().Replace(block.Value, ""));

    /// <summary>A line for each row of a table: what stands in backquotes, cell by cell.</summary>
    public IEnumerable<string> Rows => _prose.Split('\n').Where(line => line.StartsWith('|'))
        .Select(row => string.Join(" | ", CellsOf(row).Select(cell => string.Join(' ', CodesIn(cell)))));

    /// <summary>Section by section, what stands in backquotes.</summary>
    public IEnumerable<string> Codes => Section().Split(_prose).Select(section => string.Join(' ', CodesIn(section).Distinct()));

    /// <summary>Where its links lead, in any order: to a page whatever its language, and to the heading with this number there.</summary>
    public IEnumerable<string> Links => Targets.Where(IsElsewhere).Concat(Targets.Where(link => !IsElsewhere(link)).Select(Resolve)).Order(StringComparer.Ordinal);

    /// <summary>The files of the repository that it leads to.</summary>
    public IEnumerable<string> Pages => Targets.Where(link => !IsElsewhere(link)).Select(PageOf);

    private IEnumerable<string> Targets => Link().Matches(_prose).Select(match => match.Groups[1].Value);

    private IEnumerable<string> Headings => _prose.Split('\n').Where(line => line.StartsWith('#'));

    private string Resolve(string link)
    {
        var (page, anchor) = (PageOf(link), link.IndexOf('#', StringComparison.Ordinal));
        var heading = anchor < 0 ? "" : $"#{Read(page).Headings.Select(Anchor).ToList().IndexOf(link[(anchor + 1)..])}";
        return Translation.OriginalOf(page) + heading;
    }

    private string PageOf(string link) => link.Split('#')[0] is { Length: > 0 } path
        ? Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(_path)!, path)) : _path;

    private static bool IsElsewhere(string link) => link.Contains("://", StringComparison.Ordinal);

    private static string[] CellsOf(string row) => row.Trim().Trim('|').Split('|');

    private static IEnumerable<string> CodesIn(string text) => Code().Matches(text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

    private static string Anchor(string heading) =>
        NotInAnchors().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ ", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"( +|^)# .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
