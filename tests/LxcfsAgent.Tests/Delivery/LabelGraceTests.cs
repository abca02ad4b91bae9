using LxcfsAgent.Delivery;

namespace LxcfsAgent.Tests.Delivery;

public sealed class LabelGraceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly StoppedClock _clock = new();

    [Fact]
    public void The_label_stays_through_a_short_absence_and_goes_after_a_long_one()
    {
        var grace = new LabelGrace(_clock);
        Assert.True(grace.Of(true));
        _clock.Advance(LabelGrace.Length);
        Assert.True(grace.Of(true));
        _clock.Advance(LabelGrace.Length - Second);
        Assert.Null(grace.Of(false));
        _clock.Advance(Second);
        Assert.False(grace.Of(false));
        Assert.True(grace.Of(true));
    }

    [Fact]
    public void An_agent_that_starts_leaves_the_label_of_the_one_before_until_it_must_have_come_to_serve()
    {
        var grace = new LabelGrace(_clock);
        Assert.Null(grace.Of(false));
        _clock.Advance(LabelGrace.Length);
        Assert.False(grace.Of(false));
        Assert.Null(grace.Of(null));
    }
}
