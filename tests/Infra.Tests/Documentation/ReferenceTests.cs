using System.Text.RegularExpressions;
using LxcfsFunctions.Infra.Tests.Monitoring;

namespace LxcfsFunctions.Infra.Tests.Documentation;

/// <summary>The reference has what the program shows.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public async Task It_lists_every_metric_of_the_functions_with_its_labels()
    {
        var exposed = Exposition.Parse((await FunctionsMetrics.ReadAsync()).Metrics);
        var shown = exposed.Names.Where(name => name.StartsWith("lxcfs_", StringComparison.Ordinal) && !name.EndsWith("_sum", StringComparison.Ordinal) && !name.EndsWith("_count", StringComparison.Ordinal))
            .Select(name => (Name: PartOfHistogram().Replace(name, ""), Labels: exposed.LabelsOf(name).Except(["otel_scope_name", "le"])))
            .Select(metric => $"{metric.Name}: {string.Join(' ', metric.Labels.Order(StringComparer.Ordinal))}");

        var listed = Row().Matches(Repository.Read("docs/reference.md"))
            .Select(row => $"{row.Groups["name"].Value}: {string.Join(' ', Code().Matches(row.Groups["labels"].Value).Select(label => label.Groups[1].Value).Order(StringComparer.Ordinal))}");

        Assert.Equal(shown.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("_bucket$")]
    private static partial Regex PartOfHistogram();

    [GeneratedRegex(@"^\| `(?<name>lxcfs_\w+)` \|(?<labels>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
