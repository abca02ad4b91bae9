namespace LxcfsAgent.Tests;

/// <summary>Goes on only when told to.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan by) => _now += by.Ticks;
}
