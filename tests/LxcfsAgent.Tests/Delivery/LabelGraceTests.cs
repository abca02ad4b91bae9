using LxcfsAgent.Delivery;

namespace LxcfsAgent.Tests.Delivery;

public sealed class LabelGraceTests
{
    private readonly LabelGrace _grace = new();

    [Fact]
    public void The_label_stays_through_a_short_absence_and_goes_after_a_long_one()
    {
        for (var time = 0; time < 2; time++)
        {
            Assert.True(_grace.Of(true));
            IsKept();
            Assert.False(_grace.Of(false));
            Assert.False(_grace.Of(false));
        }
    }

    [Fact]
    public void An_agent_that_starts_leaves_the_label_of_the_one_before_until_it_must_have_come_to_serve()
    {
        IsKept();
        Assert.False(_grace.Of(false));
        Assert.Null(_grace.Of(null));
        IsKept();
    }

    private void IsKept() => Assert.All(Enumerable.Range(0, LabelGrace.Looks), _ => Assert.Null(_grace.Of(false)));
}
