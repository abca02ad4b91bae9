using LxcfsAgent;
using LxcfsFunctions.Infra.Tests.Cluster;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>Alerts and dashboards ask for nothing that nobody exposes: each source is run, and what it shows is read.</summary>
[Collection(SharedClusterTests.Name)]
public sealed class MetricTests(SharedCluster cluster, Kustomization kustomization) : IClassFixture<Kustomization>
{
    /// <summary>What Prometheus puts on whatever it reads by a PodMonitor; lxcfs-daemonset's adds the node.</summary>
    private static readonly string[] OfTargets = ["instance", "job", "namespace", "pod", "node"];

    /// <summary>
    /// What can't be run here, by its documentation: kube-state-metrics' docs/metrics/workload/daemonset-metrics.md, and
    /// Prometheus' own.
    /// </summary>
    private const string Documented = """
        kube_daemonset_status_desired_number_scheduled{namespace="",daemonset=""} 1
        up{instance="",job=""} 1

        """;

    /// <summary>What API servers have learned since 1.20, with the release.</summary>
    private static readonly (string Metric, string Release)[] Newer = [("apiserver_admission_webhook_fail_open_count{name=\"\",type=\"\"}", "1.24")];

    [Fact]
    public async Task Every_metric_and_label_that_is_asked_for_is_exposed()
    {
        var server = await ApiServerMetrics.ReadAsync(cluster, await kustomization.RenderAsync("url", "enforce"));
        var newer = Newer.Select(metric => $"{metric.Metric} 1\n");
        var exposed = Exposition.Parse(string.Concat([(await FunctionsMetrics.ReadAsync()).Metrics, $"{new AgentMetrics()}", server, Documented, .. newer]));

        var expressions = await ExpressionsAsync();

        Assert.All(expressions.SelectMany(expression => expression.Selected), selector =>
        {
            Assert.True(exposed.Has(selector.Metric), $"nobody exposes {selector.Metric}");
            Assert.All(selector.Labels, label => Assert.Contains(label, Known(exposed, [selector])));
        });
        Assert.All(expressions, expression => Assert.All(
            expression.Grouped, label => Assert.Contains(label, Known(exposed, expression.Selected))));
        Assert.All(Newer, metric => Assert.False(Exposition.Parse(server).Has(metric.Metric.Split('{')[0]), $"{metric} is not that new"));
    }

    [Fact]
    public void Every_number_of_the_agents_is_shown() => Assert.Subset(
        Dashboard.All().SelectMany(dashboard => dashboard.Panels).SelectMany(panel => panel.Queries)
            .SelectMany(query => Expression.Parse(query.Expression).Selected).Select(selector => selector.Metric).ToHashSet(),
        Exposition.Parse($"{new AgentMetrics()}").Names.ToHashSet());

    [Fact]
    public void The_lines_of_a_panel_are_named_by_labels_that_they_have() => Assert.All(
        Dashboard.All().SelectMany(dashboard => dashboard.Panels).SelectMany(panel => panel.Queries),
        query => Assert.Subset(Expression.Parse(query.Expression).Grouped.ToHashSet(), Expression.LabelsIn(query.Legend).ToHashSet()));

    [Fact]
    public void Names_and_labels_are_found_in_a_query()
    {
        var expression = Expression.Parse("""sum by (le, name) (rate(a_bucket{name=~"b[.]c",type!="d e"}[5m])) / on (node) f == 0 or vector(0)""");

        Assert.Equal([("a_bucket", "name type"), ("f", "")], expression.Selected.Select(selector => (selector.Metric, string.Join(' ', selector.Labels))));
        Assert.Equal(["le", "name", "node"], expression.Grouped);
    }

    private static IEnumerable<string> Known(Exposition exposed, IEnumerable<(string Metric, string[] Labels)> selected) =>
        [.. selected.SelectMany(selector => exposed.LabelsOf(selector.Metric)), .. OfTargets];

    private static async Task<List<Expression>> ExpressionsAsync()
    {
        var queries = Dashboard.All().SelectMany(dashboard => dashboard.Panels).SelectMany(panel => panel.Queries).Select(query => query.Expression);
        return [.. Alerts.Parse(await Alerts.PrintAsync()).Select(alert => alert.Expression).Concat(queries).Select(Expression.Parse)];
    }
}
