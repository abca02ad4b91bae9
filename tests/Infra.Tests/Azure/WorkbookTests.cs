using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LxcfsFunctions.Infra.Tests.Monitoring;

namespace LxcfsFunctions.Infra.Tests.Azure;

/// <summary>
/// The workbook asks for what the functions send. Nothing here understands KQL: its queries have not been run, but each name
/// in them is held against the program.
/// </summary>
public sealed partial class WorkbookTests(Template template) : IClassFixture<Template>
{
    private static readonly string[] Tables = ["AppMetrics", "AppRequests", "AppTraces"];

    private static readonly JsonNode Workbook = JsonNode.Parse(Repository.Read("infra/modules/workbook.json"))!;

    private static IEnumerable<JsonNode> Queries => Workbook["items"]!.AsArray().Where(item => (int)item!["type"]! == 3).Select(item => item!["content"]!);

    private static IEnumerable<string> Texts => Queries.Select(query => (string)query["query"]!);

    [Fact]
    public void It_is_shown_with_the_workspace_that_it_reads()
    {
        var properties = template.One("Microsoft.Insights/workbooks")["properties"]!;

        Assert.Equal("shared", (string?)template.One("Microsoft.Insights/workbooks")["kind"]);
        Assert.Equal(("workbook", "[parameters('workspaceId')]"), ((string?)properties["category"], (string?)properties["sourceId"]));
        var predicted = Assert.Single(
            JsonNode.Parse(Repository.Read("infra/main.snapshot.json"))!["predictedResources"]!.AsArray(),
            resource => (string?)resource!["type"] == "Microsoft.Insights/workbooks")!["properties"]!;
        Assert.Contains("/workspaces/", (string?)predicted["sourceId"], StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(Workbook, JsonNode.Parse((string)predicted["serializedData"]!)));
    }

    [Fact]
    public void Every_query_reads_one_table_of_the_workspace_in_the_time_that_is_chosen()
    {
        Assert.All(Queries, query =>
        {
            Assert.Contains(((string)query["query"]!).Split('\n')[0], Tables);
            Assert.Equal(("TimeRange", 0), ((string?)query["timeContextFromParameter"], (int)query["queryType"]!));
            Assert.Equal("microsoft.operationalinsights/workspaces", (string?)query["resourceType"]);
        });
        Assert.Equal(Workbook["items"]!.AsArray().Count, Workbook["items"]!.AsArray().Select(item => (string)item!["name"]!).Distinct().Count());
    }

    [Fact]
    public void Requests_are_found_by_the_names_of_the_functions() => Assert.All(
        Texts.Where(query => query.StartsWith("AppRequests", StringComparison.Ordinal)),
        query => Assert.All(Quoted().Matches(query.Split('\n')[1]).Select(match => match.Groups[1].Value), function =>
            Assert.True(File.Exists(Path.Combine(Repository.Root, "functions/custom-handler", function, "function.json")), function)));

    [Fact]
    public async Task Fields_of_lines_and_names_of_metrics_are_those_of_the_program()
    {
        var seen = await FunctionsMetrics.ReadAsync();
        var fields = seen.Lines.Where(line => line.StartsWith('{')).SelectMany(line => JsonNode.Parse(line)!.AsObject().Select(pair => pair.Key)).ToHashSet();
        var exposed = Exposition.Parse(seen.Metrics);
        var asked = Texts.SelectMany(query => Field().Matches(query)).Select(match => match.Groups[1].Value).ToHashSet();
        var metrics = Texts.SelectMany(query => Metric().Matches(query)).Select(match => match.Groups[1].Value.Replace('.', '_')).ToList();
        var labels = Texts.SelectMany(query => Label().Matches(query)).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.Subset(fields, asked);
        Assert.Equal(2, metrics.Count);
        Assert.All(metrics, metric => Assert.Contains(exposed.Names, name => name.StartsWith(metric, StringComparison.Ordinal)));
        Assert.Subset(exposed.LabelsOf("lxcfs_admission_responses_total").ToHashSet(), labels);
    }

    [GeneratedRegex("\"(\\w+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bline\.(\w+)")]
    private static partial Regex Field();

    [GeneratedRegex("Name == \"([a-z.]+)\"")]
    private static partial Regex Metric();

    [GeneratedRegex(@"Properties\.(\w+)")]
    private static partial Regex Label();
}
