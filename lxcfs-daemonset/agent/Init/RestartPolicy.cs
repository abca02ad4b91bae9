namespace LxcfsAgent.Init;

/// <summary>
/// How long init waits before it starts an agent again: not at all after one that lived, as a node without an agent repairs
/// nothing; ever longer after one that ends as soon as it starts, as that mostly does so again. Pure but for its memory.
/// </summary>
internal sealed class RestartPolicy
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>An agent that lived for less has failed to start.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private TimeSpan _next = First;

    /// <param name="lived">For how long the agent lived that has ended now; zero for one that could not be started.</param>
    public TimeSpan PauseAfter(TimeSpan lived)
    {
        if (lived >= Short)
        {
            _next = First;
            return TimeSpan.Zero;
        }

        var pause = _next;
        _next = pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
