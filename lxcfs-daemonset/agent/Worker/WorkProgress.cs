namespace LxcfsAgent.Worker;

/// <summary>
/// Tells that the steps in one container go on, however long each takes: where tenants keep the kernel busy with mounts of theirs, every mount of
/// the node waits for those, and who is at work is not held up. Not for ever: a tenant may be the cause, and others wait for the same worker.
/// </summary>
/// <param name="tell">Is called with no container's name.</param>
internal sealed class WorkProgress(Action tell, TimeProvider clock)
{
    /// <summary>A fraction of how long a worker may say nothing; to tell each step would take as long as the step.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(0.25);

    /// <summary>After that it is tried again, and goes on where it was: meanwhile a worker goes on with the others.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private readonly long _begun = clock.GetTimestamp();
    private long _told = clock.GetTimestamp();

    /// <summary>Call it after each step.</summary>
    public void Step()
    {
        if (clock.GetElapsedTime(_told) < Every || clock.GetElapsedTime(_begun) > Longest)
            return;
        _told = clock.GetTimestamp();
        tell();
    }
}
