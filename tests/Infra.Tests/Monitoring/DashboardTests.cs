using System.Text.Json.Nodes;
using k8s.Models;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>No Grafana is at hand here: what it would refuse or show wrongly is looked for in the files.</summary>
public sealed class DashboardTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    private static readonly string[] PanelTypes = ["stat", "table", "timeseries"];

    [Fact]
    public async Task Prometheus_understands_every_query()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-dashboards-").FullName;
        var queries = Dashboard.All().SelectMany(dashboard => dashboard.Panels).SelectMany(panel => panel.Queries).ToList();
        // A rules file is JSON as well as YAML.
        var rules = new JsonArray([.. queries.Select((query, index) =>
            new JsonObject { ["record"] = $"query:{index}", ["expr"] = query.Expression })]);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "rules.yml"),
            new JsonObject { ["groups"] = new JsonArray(new JsonObject { ["name"] = "queries", ["rules"] = rules }) }.ToJsonString(),
            TestContext.Current.CancellationToken);

        var checkedRules = await Command.RunAsync(Repository.Promtool, ["check", "rules", "rules.yml"], folder: folder);

        Assert.Contains($"{queries.Count} rules found", checkedRules.Succeeded(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Panels_are_told_apart_and_lie_beside_each_other() => Assert.All(Dashboard.All(), dashboard =>
    {
        var panels = dashboard.Panels;

        Assert.Equal(panels.Count, panels.Select(panel => panel.Id).Distinct().Count());
        Assert.All(panels, panel =>
        {
            Assert.NotEmpty(panel.Queries);
            Assert.Contains(panel.Type, PanelTypes);
            Assert.True(panel.Place.X + panel.Place.Width <= 24, panel.Title);
            Assert.DoesNotContain(panels, other => other.Id != panel.Id && other.Overlaps(panel));
        });
    });

    [Fact]
    public void Every_dashboard_lets_its_reader_choose_the_data_source() => Assert.All(Dashboard.All(), dashboard =>
    {
        Assert.Equal(Path.GetFileNameWithoutExtension(dashboard.File), (string?)dashboard.Json["uid"]);
        var variable = dashboard.Json["templating"]!["list"]![0]!;
        Assert.Equal(("datasource", "prometheus"), ((string?)variable["type"], (string?)variable["query"]));
        Assert.All(dashboard.Json["panels"]!.AsArray(), panel => Assert.Equal("${datasource}", (string?)panel!["datasource"]!["uid"]));
        // An id would overwrite whatever has that number where it is imported.
        Assert.Null(dashboard.Json["id"]);
    });

    [Fact]
    public async Task The_sidecar_of_grafana_finds_the_same_files()
    {
        var map = Manifests.Load(await kustomization.RenderAsync("url", "dashboards")).Named<V1ConfigMap>("lxcfs-dashboards");

        Assert.Equal("1", map.Labels()["grafana_dashboard"]);
        Assert.Equal(Dashboard.All().Select(dashboard => dashboard.File), map.Data.Keys.Order());
        Assert.All(Dashboard.All(), dashboard => Assert.True(JsonNode.DeepEquals(dashboard.Json, JsonNode.Parse(map.Data[dashboard.File]))));
    }
}
