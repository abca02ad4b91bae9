using System.Collections.Concurrent;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>Something that can happen to a cluster.</summary>
/// <param name="Weight">How often, beside the others of its table.</param>
/// <param name="Act">
/// Does it, waits until all is well again, and tells for how long something was not; null where nothing is to be broken, which
/// others find out.
/// </param>
internal sealed record ChaosEvent(string Name, int Weight, Func<Task<TimeSpan?>> Act);

/// <summary>What happened, when, and for how long something was broken by it.</summary>
internal sealed record Happened(string Name, TimeSpan At, TimeSpan? Broken);

/// <summary>Lets one thing after another happen, as the seed has it.</summary>
internal sealed class Chaos(int seed, TimeSpan longestPause, IReadOnlyList<ChaosEvent> table)
{
    private readonly ConcurrentQueue<Happened> _happened = [];

    public IEnumerable<Happened> Happened => _happened;

    /// <summary>Until the end, whatever is under way then is finished.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        var began = ReaderReport.Now;
        foreach (var planned in Schedule.Of(seed, longestPause, [.. table.Select(item => (item.Name, item.Weight))]))
        {
            await Task.Delay(planned.Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
                return;
            var at = ReaderReport.Now - began;
            try
            {
                var broken = await table.Single(item => item.Name == planned.Name).Act();
                _happened.Enqueue(new(planned.Name, at, broken));
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"after {at.TotalSeconds:0} s, {planned.Name}: {fault.Message}", fault);
            }
        }
    }
}
