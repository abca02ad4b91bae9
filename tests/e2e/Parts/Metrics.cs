using System.Globalization;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>What Prometheus would read.</summary>
internal static class Metrics
{
    /// <summary>The sum over the lines of a metric that have all these labels.</summary>
    public static double Sum(string text, string metric, params string[] labels) => text.Split('\n')
        .Where(line => line.StartsWith($"{metric}{{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Sum(line => double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture));
}
