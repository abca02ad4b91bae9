namespace LxcfsAgent.Plan;

/// <summary>Every time that plans go by.</summary>
internal static class Timing
{
    /// <summary>How soon an owner notices what nothing wakes it for, such as a cleanup.</summary>
    public static readonly TimeSpan OwnerTick = TimeSpan.FromSeconds(1);

    /// <summary>How soon an agent that stands by notices that the owner is gone.</summary>
    public static readonly TimeSpan StandbyTick = TimeSpan.FromMilliseconds(250);

    /// <summary>How soon to look whether an LXCFS that starts answers; its probe wakes the agent earlier.</summary>
    public static readonly TimeSpan StartTick = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan HandOverTick = TimeSpan.FromMilliseconds(100);

    /// <summary>How long containers are waited for at a stop; a kubelet gives 30 s.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    /// <summary>How long a stop waits for one more try of what has failed.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>How long an agent that steps back waits for another one to take the node: one that could would within a tick.</summary>
    public static readonly TimeSpan Forsaken = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After a takeover, containers that were just starting may have been given the predecessor's files: look often for as long as a
    /// predecessor has to stop.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan SettlingScan = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Looks may use one part in so many of the time: 0.1 % of a processor. Processor time, since what a tenant or a busy node draws out is
    /// not what a look costs.
    /// </summary>
    public const int ScanShare = 1000;

    /// <summary>
    /// The same of looks for containers that are to be tried again: 1 %. A tenant that fails each time waits for a minute soon; an honest one, that
    /// waited for a tenant, has its files again within seconds.
    /// </summary>
    public const int RetryShare = 100;

    /// <summary>They are put off for no longer than this, whatever a look costs.</summary>
    public static readonly TimeSpan LongestRetryPeriod = TimeSpan.FromSeconds(5);

    /// <summary>No tenant can put the next look off for longer, whatever a look costs: one at 20,000 processes uses 150 ms.</summary>
    public static readonly TimeSpan LongestScanPeriod = TimeSpan.FromSeconds(30);

    /// <summary>How long an owner leaves what dead agents left to containers that nobody may look at: for ever, they would add up.</summary>
    public static readonly TimeSpan LongestUnreadable = TimeSpan.FromMinutes(10);
}
