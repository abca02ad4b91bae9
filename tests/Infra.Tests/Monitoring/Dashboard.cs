using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>A query, and how its lines are named.</summary>
internal sealed record Query(string Expression, string Legend);

/// <summary>One panel of a dashboard, with the queries behind it.</summary>
internal sealed record Panel(int Id, string Title, string Type, (int X, int Y, int Width, int Height) Place, IReadOnlyList<Query> Queries)
{
    public bool Overlaps(Panel other) =>
        Place.X < other.Place.X + other.Place.Width && other.Place.X < Place.X + Place.Width
        && Place.Y < other.Place.Y + other.Place.Height && other.Place.Y < Place.Y + Place.Height;
}

/// <summary>A dashboard of Grafana's, as its file says.</summary>
internal sealed record Dashboard(string File, JsonNode Json)
{
    public IReadOnlyList<Panel> Panels { get; } = [.. Json["panels"]!.AsArray().Select(panel => Of(panel!))];

    public static IReadOnlyList<Dashboard> All() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Infra, "kustomize/components/dashboards"), "*.json").Order()
            .Select(file => new Dashboard(Path.GetFileName(file), JsonNode.Parse(System.IO.File.ReadAllText(file))!)),
    ];

    private static Panel Of(JsonNode panel)
    {
        int Number(string name) => (int)panel["gridPos"]![name]!;
        return new(
            (int)panel["id"]!, (string)panel["title"]!, (string)panel["type"]!, (Number("x"), Number("y"), Number("w"), Number("h")),
            [.. panel["targets"]!.AsArray().Select(target => new Query(Interpolate((string)target!["expr"]!), (string)target["legendFormat"]!))]);
    }

    /// <summary>A query with Grafana's own variables in it as Prometheus gets it.</summary>
    private static string Interpolate(string query) => query
        .Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$__range", "6h", StringComparison.Ordinal)
        .Replace("$node", ".*", StringComparison.Ordinal);
}
