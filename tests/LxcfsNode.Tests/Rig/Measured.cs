using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>Figures for people, printed wherever the suite runs; no test depends on one.</summary>
internal static class Measured
{
    public const string Prefix = "measured: ";

    public static void Print(string what) => Console.WriteLine(Prefix + what);

    public static void Print(string what, IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        Print(string.Create(CultureInfo.InvariantCulture,
            $"{what}: median {sorted[sorted.Length / 2].TotalMilliseconds:0} ms, worst {sorted[^1].TotalMilliseconds:0} ms of {sorted.Length}"));
    }
}
