using System.Globalization;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>How pods fared that were made while something happened, to which the node brings the files.</summary>
/// <param name="Bare">How many of them read something else than their limits at first, or later.</param>
/// <param name="LongestBare">The longest time until one of these had the files.</param>
/// <param name="Refused">How many a kubelet refused, and were made anew.</param>
/// <param name="Failed">Reads that ended with an error or with nothing.</param>
/// <param name="Starts">From their creation to their first instruction.</param>
/// <param name="OthersStarts">The same of pods that don't ask for the files.</param>
internal sealed record StartFigures(
    string Name, int Bare, TimeSpan LongestBare, int Refused, ulong Failed, IReadOnlyList<TimeSpan> Starts, IReadOnlyList<TimeSpan> OthersStarts)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Name} | {Starts.Count} | {Bare} | {LongestBare.TotalSeconds:0.00} s | {Refused} | {Failed} | {Times(Starts)} | {Times(OthersStarts)} |");

    private static string Times(IReadOnlyList<TimeSpan> times) => times.Count == 0 ? "" :
        string.Create(CultureInfo.InvariantCulture, $"{times.Min().TotalSeconds:0.0} to {times.Max().TotalSeconds:0.0} s");
}
