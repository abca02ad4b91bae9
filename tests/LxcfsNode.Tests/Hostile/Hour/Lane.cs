using System.Collections.Concurrent;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>Something that is done to a node.</summary>
/// <param name="Weight">How often, beside the others of its table.</param>
internal sealed record Deed(string Name, int Weight, Func<Random, Task> DoAsync);

/// <summary>
/// Does one deed of a table after the other, by chance from a seed alone. Cards rather than dice: each round deals every deed as often as
/// it weighs, so that a short run sees all of them too.
/// </summary>
internal sealed class Lane(int seed, IReadOnlyList<Deed> table, TimeSpan longestPause, ConcurrentDictionary<string, int> done)
{
    /// <summary>What it does, or did last.</summary>
    public string Doing { get; private set; } = "nothing yet";

    /// <summary>Until the end; what is under way then is finished.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        for (var random = new Random(seed); ;)
        {
            var cards = table.SelectMany(deed => Enumerable.Repeat(deed, deed.Weight)).ToArray();
            random.Shuffle(cards);
            foreach (var deed in cards)
            {
                await Task.Delay(longestPause * random.NextDouble(), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (end.IsCancellationRequested)
                    return;
                Doing = deed.Name;
                await deed.DoAsync(random);
                done.AddOrUpdate(deed.Name, 1, (_, times) => times + 1);
            }
        }
    }
}
