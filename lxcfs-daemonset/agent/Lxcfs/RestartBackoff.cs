namespace LxcfsAgent.Lxcfs;

/// <summary>
/// How long to wait before LXCFS is started again: not at all after it had served, since every moment is one in which
/// containers read errors; ever longer when it fails again and again to serve, or not for long.
/// </summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>An LXCFS that served for less counts as one that never did.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private int _failures;

    /// <summary>What to wait after an LXCFS that served for so long; zero for one that never answered right.</summary>
    public TimeSpan After(TimeSpan served)
    {
        _failures = served >= Short ? 0 : _failures + 1;
        // One early end, or one start that failed, may be chance.
        return _failures <= 1
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(_failures - 2, 10))));
    }
}
