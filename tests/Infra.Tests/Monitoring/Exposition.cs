using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>What a target shows Prometheus: each metric with the labels that it has been seen with.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, HashSet<string>> _metrics = [];

    private Exposition(IEnumerable<string> lines)
    {
        foreach (var match in lines.Select(line => Sample().Match(line)).Where(match => match.Success))
        {
            var name = match.Groups["name"].Value;
            if (!_metrics.TryGetValue(name, out var labels))
                _metrics[name] = labels = [];
            labels.UnionWith(Label().Matches(match.Groups["labels"].Value).Select(label => label.Groups[1].Value));
        }
    }

    public static Exposition Parse(string text) => new(text.Split('\n'));

    public IReadOnlyCollection<string> Names => _metrics.Keys;

    public bool Has(string metric) => _metrics.ContainsKey(metric);

    public IReadOnlyCollection<string> LabelsOf(string metric) => _metrics.GetValueOrDefault(metric) ?? [];

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? ")]
    private static partial Regex Sample();

    [GeneratedRegex(@"(\w+)=""")]
    private static partial Regex Label();
}
