namespace LxcfsAgent.Nri;

/// <summary>How long to wait before the runtime is connected to again: hardly after a connection that was of use, ever longer after others.</summary>
internal sealed class ReconnectPause
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A runtime that ends connections sooner would be asked for all that it has ten times a second.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    private TimeSpan _next = First;

    /// <param name="served">How long the plugin was registered; zero for not at all.</param>
    public TimeSpan After(TimeSpan served)
    {
        if (served >= Short)
            _next = First;
        var pause = _next;
        _next = 2 * pause < Longest ? 2 * pause : Longest;
        return pause;
    }
}
