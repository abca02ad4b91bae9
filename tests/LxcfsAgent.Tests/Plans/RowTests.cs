using System.Text.Json;
using System.Text.RegularExpressions;

namespace LxcfsAgent.Tests.Plans;

/// <summary>
/// What the node's README says of faults, tenants and nodes is shown: by the tests that it names itself, and by the cases that <c>rows.json</c>
/// names beside the cases, where plans decide it; by tests where none does.
/// </summary>
public sealed partial class RowTests
{
    private static readonly Dictionary<string, string[]> Shown =
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(PlanCase.Root, "rows.json")))!;

    /// <summary>The first and the last column of each row of a table whose last column is the test.</summary>
    private static readonly List<(string What, string Test)> Rows =
    [
        .. Table().Matches(File.ReadAllText(Path.Combine(DocumentationTests.Repository, "lxcfs-daemonset/README.md")))
            .SelectMany(table => table.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(row => row.Split('|'))
            .Select(cells => (cells[1].Trim(), cells[^2].Trim())),
    ];

    [Fact]
    public void Every_row_has_cases_and_no_other_has() =>
        Assert.Equal(Rows.Select(row => row.What).Order(StringComparer.Ordinal), Shown.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_names_a_test_of_its_own() => Assert.All(Rows, row => Assert.Matches("^`[A-Z]\\w+`", row.Test));

    [Fact]
    public void Every_row_has_a_case_or_a_test_and_each_is_there()
    {
        var cases = PlanCase.All.Select(one => one.Name).ToHashSet();
        Assert.All(Shown, row => Assert.NotEmpty(row.Value));
        Assert.All(
            Shown.SelectMany(row => row.Value, (row, name) => (Row: row.Key, Name: name)),
            one => Assert.True(cases.Contains(one.Name) || DocumentationTests.Tests.Contains(one.Name), $"{one.Row}: {one.Name} is not there"));
    }

    [Fact]
    public void There_are_three_tables() => Assert.True(Rows.Count >= 45, $"only {Rows.Count} rows");

    [GeneratedRegex(@"^\|[^\n]*\| test \|\n\|[-|]+\|\n((?:\|[^\n]*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Table();
}
