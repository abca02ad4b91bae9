using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>What a query in PromQL asks for: metrics, the labels that it selects them by, and those that it groups by.</summary>
internal sealed partial record Expression(IReadOnlyList<(string Metric, string[] Labels)> Selected, IReadOnlyList<string> Grouped)
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right"];

    public static Expression Parse(string text)
    {
        var grouped = Grouping().Matches(text).SelectMany(match => Names(match.Groups[1].Value));
        var selectors = Selector().Matches(Grouping().Replace(text, " "))
            .Where(match => match.Groups["name"].Success && !match.Groups["call"].Success && !Words.Contains(match.Groups["name"].Value));
        return new([.. selectors.Select(match => (match.Groups["name"].Value, Labels(match.Groups["labels"].Value)))], [.. grouped.Distinct()]);
    }

    /// <summary>The labels that a panel's legend shows.</summary>
    public static IEnumerable<string> LabelsIn(string legend) => Shown().Matches(legend).Select(match => match.Groups[1].Value);

    private static string[] Labels(string matchers) => [.. Matcher().Matches(matchers).Select(match => match.Groups[1].Value)];

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    // Quoted text comes first, so that no word in it is taken for a name; a duration such as 5m begins with a digit.
    [GeneratedRegex("""
        "[^"]*"|(?<![\w$])(?<name>[a-zA-Z_:][\w:]*)(?<call>\s*\()?(?:\{(?<labels>[^}]*)\})?
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)\s*""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Shown();
}
