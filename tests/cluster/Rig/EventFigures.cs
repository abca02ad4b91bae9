using System.Globalization;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>How containers fared while something happened.</summary>
/// <param name="Readers">How many containers read all the time.</param>
/// <param name="Failed">Reads that ended with an error or with nothing.</param>
/// <param name="Wrong">Reads that showed something else than the container's limits: the node's values.</param>
/// <param name="LongestBroken">The longest time that one of them was without a round of right values.</param>
/// <param name="Took">Until all of them read right again.</param>
internal sealed record EventFigures(string Name, int Readers, ulong Reads, ulong Failed, ulong Wrong, TimeSpan LongestBroken, TimeSpan Took)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Name} | {Readers} | {Reads} | {Failed} | {Wrong} | {LongestBroken.TotalSeconds:0.00} s | {Took.TotalSeconds:0.0} s |");
}
