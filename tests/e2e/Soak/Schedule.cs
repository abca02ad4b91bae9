namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>What happens next, and after which pause.</summary>
internal sealed record Planned(string Name, TimeSpan Pause);

/// <summary>
/// Chance from a seed alone, and without end. Cards rather than dice: each round deals every event as often as it weighs, so
/// that a short soak sees all of them too.
/// </summary>
internal static class Schedule
{
    public static IEnumerable<Planned> Of(int seed, TimeSpan longestPause, IReadOnlyList<(string Name, int Weight)> table)
    {
        for (var random = new Random(seed); ;)
        {
            var cards = table.SelectMany(item => Enumerable.Repeat(item.Name, item.Weight)).ToArray();
            random.Shuffle(cards);
            foreach (var card in cards)
                yield return new(card, longestPause * random.NextDouble());
        }
    }
}
