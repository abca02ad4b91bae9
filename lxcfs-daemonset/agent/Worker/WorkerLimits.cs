namespace LxcfsAgent.Worker;

/// <summary>How long workers are waited for, and how many may be held up.</summary>
internal sealed record WorkerLimits
{
    /// <summary>
    /// A step in a container takes microseconds. To take a mount away waits until no processor can be using it any more: more than a second on a
    /// node with fifty times the work that its processors can do.
    /// </summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For what isn't any container's doing: to start, to open the files of LXCFS, to look through /proc.</summary>
    public TimeSpan LateInAll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>To open the nine files of LXCFS takes a millisecond. While it does not answer, nobody sees that it hangs.</summary>
    public TimeSpan LateAtLxcfs { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long one request goes on after what it began with: meanwhile nobody sees whether LXCFS lives.</summary>
    public TimeSpan LongestWork { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How many containers may hold workers up in one request before it is left at that.</summary>
    public int MostLate { get; init; } = 16;

    /// <summary>From so many workers on that were killed and have not ended, a container that holds another up waits for <see cref="StuckPause"/>.</summary>
    public int MostStuck { get; init; } = 3;

    public TimeSpan StuckPause { get; init; } = TimeSpan.FromMinutes(10);
}
