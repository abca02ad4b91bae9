namespace LxcfsAgent.Nri;

/// <summary>What is waited for in a conversation, and for how long.</summary>
internal sealed class NriDeadlines(TimeProvider time)
{
    private readonly List<WaitingCall> _calls = [];
    private readonly long _started = time.GetTimestamp();
    private long? _partialSince;

    /// <summary>How long until one of them is over; null where nothing is waited for.</summary>
    public TimeSpan? NextDue(bool isRegistered)
    {
        var due = TimeSpan.MaxValue;
        if (!isRegistered)
            due = Left(_started, NriLimits.Registration);
        if (_partialSince is { } since)
            due = Min(due, Left(since, NriLimits.Receive));
        if (_calls.Find(call => !call.IsAnswered) is { } oldest)
            due = Min(due, Left(oldest.Since, NriLimits.Answer));
        return due == TimeSpan.MaxValue ? null : due;
    }

    /// <summary>Notes that bytes came.</summary>
    /// <param name="isAnyWhole">Whether they ended a message, so that one which is not whole has begun just now.</param>
    public void Received(bool isAnyWhole, bool isPartial)
    {
        if (!isPartial)
            _partialSince = null;
        else if (isAnyWhole || _partialSince is null)
            _partialSince = time.GetTimestamp();
    }

    /// <summary>Notes a call that the plugin is asked about.</summary>
    public WaitingCall Add(uint stream, string name)
    {
        var call = new WaitingCall(stream, name, time.GetTimestamp());
        _calls.Add(call);
        return call;
    }

    /// <summary>Those that have waited for too long, the oldest first.</summary>
    public IEnumerable<WaitingCall> LateCalls()
    {
        _calls.RemoveAll(call => call.IsAnswered);
        return _calls.TakeWhile(call => Left(call.Since, NriLimits.Answer) <= TimeSpan.Zero);
    }

    /// <exception cref="TimeoutException">The runtime has stopped within a message, or does not go on to register the plugin.</exception>
    public void Check(bool isRegistered)
    {
        if (_partialSince is { } since && Left(since, NriLimits.Receive) <= TimeSpan.Zero)
            throw new TimeoutException("the runtime stopped within a message");
        if (!isRegistered && Left(_started, NriLimits.Registration) <= TimeSpan.Zero)
            throw new TimeoutException("the runtime did not register the plugin in time");
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private TimeSpan Left(long since, TimeSpan patience) => patience - time.GetElapsedTime(since);
}
