using LxcfsFunctions.EndToEnd.Soak;

namespace LxcfsFunctions.EndToEnd;

public sealed class ScheduleTests
{
    private static readonly (string Name, int Weight)[] Table = [("often", 3), ("sometimes", 2), ("rarely", 1)];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    [Fact]
    public void The_same_seed_makes_the_same_schedule_and_another_seed_another()
    {
        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
    }

    [Fact]
    public void Every_round_has_each_event_as_often_as_it_weighs()
    {
        foreach (var round in Of(3).Chunk(Table.Sum(item => item.Weight)))
            Assert.Equal(Table.Order(), round.GroupBy(planned => planned.Name).Select(group => (group.Key, group.Count())).Order());
    }

    [Fact]
    public void No_pause_is_longer_than_the_longest()
    {
        Assert.All(Of(4), planned => Assert.InRange(planned.Pause, TimeSpan.Zero, Longest));
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(4, 4, true)]
    [InlineData(5, 9, true)]
    [InlineData(6, 9, false)]
    public void A_pod_whose_making_touches_an_outage_is_told_from_others(int from, int to, bool touches)
    {
        var outages = new Outages();
        outages.Begin(TimeSpan.FromSeconds(3));
        outages.End(TimeSpan.FromSeconds(5));

        Assert.Equal(touches, outages.Touch(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)));
    }

    [Fact]
    public void An_outage_lasts_until_it_is_ended()
    {
        var outages = new Outages();
        outages.Begin(TimeSpan.FromSeconds(3));

        Assert.True(outages.Touch(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(101)));
    }

    private static Planned[] Of(int seed) => [.. Schedule.Of(seed, Longest, Table).Take(60)];
}
