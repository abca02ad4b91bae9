using System.Diagnostics;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>What an agent's container holds of the node while nothing happens.</summary>
/// <param name="Processes">The first one and all below it.</param>
/// <param name="Threads">Without those of LXCFS, which has as many, up to ten, as were ever needed at once.</param>
internal sealed record Footprint(int Processes, int Descriptors, int Threads)
{
    /// <summary>What it does at the moment.</summary>
    private const int DescriptorSlack = 16, ThreadSlack = 4, ProcessSlack = 2;

    public bool HasGrownSince(Footprint before) =>
        Processes > before.Processes + ProcessSlack || Descriptors > before.Descriptors + DescriptorSlack || Threads > before.Threads + ThreadSlack;

    public static async Task<Footprint> OfAsync(AgentContainer agent)
    {
        var (tree, held) = (Rig.Processes.Tree(agent.Pid), 0);
        foreach (var pid in (int[])[agent.Pid, agent.Agent, .. agent.Lxcfs])
            held += await Rig.Processes.IdleDescriptorsAsync(pid);
        return new(tree.Count, held, tree.Except(agent.Lxcfs).Sum(pid => Rig.Processes.Threads(pid).Count()));
    }

    /// <summary>Once no more is held than before; the last that was seen where that does not come.</summary>
    public static async Task<Footprint> SettledAsync(AgentContainer agent, Footprint before)
    {
        // What was ended while it waited ends later, and so do threads that were needed at once.
        var last = await OfAsync(agent);
        for (var waited = Stopwatch.StartNew(); last.HasGrownSince(before) && waited.Elapsed < 2 * Eventually.Patience; last = await OfAsync(agent))
            await Task.Delay(1000);
        return last;
    }
}

/// <summary>The most memory that an agent and its workers had together, in KiB: all that the kernel counts for them, what they share once.</summary>
internal sealed class MemoryWatch(Func<AgentContainer> agent)
{
    public int Most { get; private set; }

    /// <summary>The most that any one of them ever had.</summary>
    public int MostOfOne { get; private set; }

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            int[] processes = [agent().Agent, .. agent().Workers];
            Most = Math.Max(Most, Processes.ProportionalKilobytes(processes));
            MostOfOne = Math.Max(MostOfOne, processes.Max(pid => Processes.Status(pid, "VmHWM") is { } text && int.TryParse(text.AsSpan(0, text.Length - 3), out var kilobytes) ? kilobytes : 0));

            await Task.Delay(1000, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
