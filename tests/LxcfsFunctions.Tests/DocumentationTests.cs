using System.Text.RegularExpressions;

namespace LxcfsFunctions.Tests;

/// <summary>What one page says of another, of a file or of a test is there.</summary>
public sealed partial class DocumentationTests
{
    private const int ReadmeLines = 150;
    private static readonly string[] Places = ["", "docs", "infra", "lxcfs-daemonset"];
    private static readonly string[] Deeper = ["docs/decisions", "tests", "tests/cluster"];

    public static TheoryData<string> Pages() =>
    [
        .. Places.Concat(Deeper).SelectMany(place => Directory.GetFiles(Path.Combine(Repository.Root, place), "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere_from(string page)
    {
        var links = Link().Matches(Prose(page)).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));
        Assert.All(links, link =>
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
            var target = path.Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, path));
            Assert.True(File.Exists(Path.Combine(Repository.Root, target)), $"{link}: there is no {target}");
            if (anchor.Length > 0)
                Assert.Contains(anchor, Anchors(target));
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_that_is_named_is_there(string page) => Assert.All(
        NamedFile().Matches(Prose(page)).Select(match => match.Groups[1].Value)
            .Where(path => !path.Contains("webhook.env", StringComparison.Ordinal) && !path.Contains("kustomize/local", StringComparison.Ordinal)),
        path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_test_that_is_named_is_there(string page)
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        var cases = Directory.GetDirectories(Path.Combine(Repository.Root, "tests"), "TestData", SearchOption.AllDirectories);
        Assert.All(TestColumns(page), name => Assert.True(
            sources.Any(source => source.Contains($" {name}(", StringComparison.Ordinal)) || cases.Any(folder => Directory.Exists(Path.Combine(folder, name))),
            name));
    }

    [Fact]
    public void The_README_is_short_and_leads_to_every_page()
    {
        var readme = Repository.Read("README.md");
        var pages = Pages().Select(row => row.Data).Where(page => Places.Contains(Path.GetDirectoryName(page)) && page != "README.md");
        Assert.InRange(readme.Count(letter => letter == '\n'), 1, ReadmeLines);
        // Translations hang on the README in their language.
        var translated = Repository.Read("README.zh-CN.md");
        Assert.All(pages, page => Assert.Contains($"]({page}", page.EndsWith(".zh-CN.md", StringComparison.Ordinal) && page != "README.zh-CN.md" ? translated : readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/when-it-fails.md", 15)]
    [InlineData("docs/comparison.md", 15)]
    public void Every_row_of_a_table_with_tests_names_one(string page, int atLeast)
    {
        var tables = Repository.Read(page).Split("\n\n").Where(table => table.Split('\n')[0].EndsWith("| test |", StringComparison.Ordinal));
        var rows = tables.SelectMany(table => table.TrimEnd('\n').Split('\n')[2..]).ToArray();
        Assert.InRange(rows.Length, atLeast, int.MaxValue);
        Assert.All(rows, row => Assert.Matches(@"`[^`]+` \|$", row));
    }

    /// <summary>What stands in backquotes in the columns of tables that are headed "test".</summary>
    private static IEnumerable<string> TestColumns(string page)
    {
        var column = -1;
        foreach (var cells in Repository.Read(page).Split('\n').Select(line => line.StartsWith('|') ? line.Split('|') : []))
        {
            column = cells.Length == 0 ? -1 : column < 0 ? Array.FindIndex(cells, cell => cell.Trim() == "test") : column;
            if (column < 0 || column >= cells.Length)
                continue;
            foreach (Match name in Quoted().Matches(cells[column]))
                yield return name.Groups[1].Value;
        }
    }

    /// <summary>As GitHub makes them of headings.</summary>
    private static IEnumerable<string> Anchors(string page) => Prose(page).Split('\n').Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>A page without its blocks of code.</summary>
    private static string Prose(string page) => Fence().Replace(Repository.Read(page), "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:docs|infra|functions|tests|lxcfs-daemonset)/[\w./-]+)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
