namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>
/// When the functions were away. A pod whose creation touches such a time may be left as it is, by failurePolicy Ignore; no
/// other may.
/// </summary>
internal sealed class Outages
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan From, TimeSpan To)> _all = [];

    public void Begin(TimeSpan now)
    {
        lock (_lock)
            _all.Add((now, TimeSpan.MaxValue));
    }

    /// <summary>How long it was.</summary>
    public TimeSpan End(TimeSpan now)
    {
        lock (_lock)
        {
            var from = _all[^1].From;
            _all[^1] = (from, now);
            return now - from;
        }
    }

    public bool Touch(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
            return _all.Exists(outage => outage.From <= to && from <= outage.To);
    }
}
