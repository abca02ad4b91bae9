namespace LxcfsAgent.Lxcfs;

/// <summary>
/// Tells an LXCFS that hangs from one that a busy node keeps from answering: to replace the second would cost every container
/// failed reads, and fix nothing. What counts against it is time in which it owes an answer and does nothing. Pure.
/// </summary>
/// <param name="patience">How long it may do nothing.</param>
internal sealed class HangDetector(TimeSpan patience)
{
    /// <summary>How often to look while it owes an answer.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(0.25);

    /// <summary>What a look counts at most: a watcher that comes late is kept from its processor, too, and so is who it watches.</summary>
    private static readonly TimeSpan Most = 2 * Every;

    /// <summary>However busy it is, after so many times the patience it hangs: it may be at work for others, or turn in circles.</summary>
    private const int Longest = 10;

    private TimeSpan _owed;
    private TimeSpan _watched;
    private TimeSpan _idle;
    private ProcessActivity _seen;

    /// <summary>Whether it has owed its answer for longer than the patience, but was at work or waited for a processor.</summary>
    public bool IsSlow => _owed >= patience && _idle < patience;

    /// <param name="owed">For how long it has owed an answer now; zero while it owes none.</param>
    /// <returns>Whether it hangs.</returns>
    public bool Look(TimeSpan owed, ProcessActivity activity)
    {
        // It owes the answer to another question.
        if (owed < _owed)
            (_owed, _watched, _idle) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var passed = owed - _owed < Most ? owed - _owed : Most;
        _watched += passed;
        if (!activity.WantsProcessor && (_owed == TimeSpan.Zero || activity.Used == _seen.Used))
            _idle += passed;
        (_owed, _seen) = (owed, activity);
        return _idle >= patience || _watched >= Longest * patience;
    }
}
