using System.Globalization;
using CsCheck;
using LxcfsAgent.Apply;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests;

public sealed class RetryScheduleTests
{
    private const string Key = "mnt:[1]";

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.25);

    [Fact]
    public void What_is_done_for_another_cause_begins_anew_and_costs_no_pause()
    {
        var schedule = new RetrySchedule();
        for (var death = 0; death < 20; death++)
        {
            schedule.Done("mnt:[1]", $"lxcfs {death}", TimeSpan.FromSeconds(death), tolerated: 3);
            Assert.Empty(schedule.Retries);
        }
    }

    [Fact]
    public void Pauses_double_from_a_quarter_of_a_second_to_a_minute()
    {
        var schedule = new RetrySchedule();
        var pauses = Enumerable.Range(0, 11).Select(turn => PauseAfter(schedule, TimeSpan.FromSeconds(turn), (key, now) => schedule.Failed(key, "broken", now)));

        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60], pauses.Select(pause => pause!.Value.TotalSeconds));
        Assert.Equal("broken", schedule.Retries[Key].Error);
    }

    [Fact]
    public void Once_the_cause_of_a_longer_pause_is_over_what_failed_waits_as_long_as_ever()
    {
        var schedule = new RetrySchedule();
        schedule.Failed(Key, "late", TimeSpan.FromSeconds(100), atLeast: TimeSpan.FromMinutes(10));
        schedule.Failed("mnt:[2]", "broken", TimeSpan.FromSeconds(100));
        Assert.Equal(TimeSpan.FromSeconds(700), schedule.Retries[Key].Due);
        var changes = schedule.Changes;

        schedule.Release();
        schedule.Release();

        Assert.Equal(new(TimeSpan.FromSeconds(100) + First, "late"), schedule.Retries[Key]);
        Assert.Equal(new(TimeSpan.FromSeconds(100) + First, "broken"), schedule.Retries["mnt:[2]"]);
        Assert.Equal(changes + 1, schedule.Changes);
        schedule.Failed(Key, "late", TimeSpan.FromSeconds(101), atLeast: TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromSeconds(701), schedule.Retries[Key].Due);
    }

    [Fact]
    public void Failures_of_another_cause_are_not_counted_on()
    {
        var schedule = new RetrySchedule();
        schedule.Begin("lxcfs 1");
        for (var second = 0; second < 8; second++)
            schedule.Failed(Key, "late", TimeSpan.FromSeconds(second));
        Assert.Equal(TimeSpan.FromSeconds(7 + 32), schedule.Retries[Key].Due);

        schedule.Begin("lxcfs 2");
        Assert.Equal(TimeSpan.FromSeconds(7 + 32), schedule.Retries[Key].Due);
        schedule.Failed(Key, "late", TimeSpan.FromSeconds(8));

        Assert.Equal(TimeSpan.FromSeconds(8) + First, schedule.Retries[Key].Due);
    }

    [Fact]
    public void What_works_may_be_done_a_few_times_before_there_is_a_pause()
    {
        var schedule = new RetrySchedule();
        var pauses = Enumerable.Range(0, 6).Select(turn => PauseAfter(schedule, TimeSpan.FromSeconds(turn), (key, now) => schedule.Done(key, "same", now, tolerated: 3)));

        Assert.Equal([null, null, null, 0.25, 0.5, 1], pauses.Select(pause => pause?.TotalSeconds));
    }

    [Fact]
    public void However_failures_and_successes_come_pauses_grow_and_never_exceed_a_minute() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 119]).Array[1, 60].Sample(turns =>
        {
            var schedule = new RetrySchedule();
            schedule.Begin("same");
            var (now, last) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var (failed, passed) in turns)
            {
                now += TimeSpan.FromSeconds(passed);
                schedule.Expire(now);
                if (failed)
                    schedule.Failed(Key, "broken", now);
                else
                    schedule.Done(Key, "same", now, tolerated: 0);
                var pause = schedule.Retries[Key].Due - now;
                Assert.InRange(pause, last, RetrySchedule.Longest);
                last = pause;
            }
        });

    [Fact]
    public void A_pause_may_be_longer_where_the_cause_says_so_and_is_kept_until_it_is_over()
    {
        var schedule = new RetrySchedule();
        schedule.Failed(Key, "late", TimeSpan.Zero, TimeSpan.FromMinutes(10));

        schedule.Expire(TimeSpan.FromMinutes(9));
        Assert.Equal(TimeSpan.FromMinutes(10), schedule.Retries[Key].Due);
        schedule.Expire(TimeSpan.FromMinutes(10));
        Assert.Empty(schedule.Retries);
    }

    [Fact]
    public void What_has_not_come_back_for_two_minutes_is_forgotten()
    {
        var schedule = new RetrySchedule();
        schedule.Failed(Key, "broken", TimeSpan.Zero);
        var changes = schedule.Changes;

        schedule.Expire(TimeSpan.FromMinutes(2));
        Assert.Single(schedule.Retries);
        Assert.Equal(changes, schedule.Changes);

        schedule.Expire(TimeSpan.FromMinutes(2) + TimeSpan.FromTicks(1));
        Assert.Empty(schedule.Retries);
        Assert.Equal(changes + 1, schedule.Changes);
        Assert.Equal(First, PauseAfter(schedule, TimeSpan.FromMinutes(3), (key, now) => schedule.Failed(key, "broken", now)));
    }

    [Fact]
    public void What_is_forgotten_begins_anew()
    {
        var schedule = new RetrySchedule();
        for (var times = 0; times < 5; times++)
            schedule.Failed(Key, "broken", TimeSpan.Zero);

        schedule.Forget(Key);
        schedule.Forget(Key);

        Assert.Equal(6, schedule.Changes);
        Assert.Equal(First, PauseAfter(schedule, TimeSpan.Zero, (key, now) => schedule.Failed(key, "broken", now)));
    }

    [Fact]
    public void Names_have_a_bound_and_those_that_are_known_still_count()
    {
        var schedule = new RetrySchedule();
        for (var name = 0; name < 2 * RetrySchedule.Most; name++)
            schedule.Failed(name.ToString(CultureInfo.InvariantCulture), "broken", TimeSpan.Zero);

        Assert.Equal(RetrySchedule.Most, schedule.Retries.Count);
        schedule.Failed("0", "broken", TimeSpan.Zero);
        Assert.Equal(2 * First, schedule.Retries["0"].Due);
    }

    [Fact]
    public void A_snapshot_allows_what_is_due_and_tells_what_failed()
    {
        var node = new NodeSnapshot
        {
            Now = TimeSpan.FromSeconds(5),
            Retries = new Dictionary<string, Retry> { ["due"] = new(TimeSpan.FromSeconds(5), "a"), ["later"] = new(TimeSpan.FromSeconds(5.001), "b") },
        };

        Assert.Equal((true, false, true), (node.May("due"), node.May("later"), node.May("other")));
        Assert.Equal(("a", "b", null), (node.ErrorOf("due"), node.ErrorOf("later"), node.ErrorOf("other")));
    }

    private static TimeSpan? PauseAfter(RetrySchedule schedule, TimeSpan now, Action<string, TimeSpan> note)
    {
        note(Key, now);
        return schedule.Retries.TryGetValue(Key, out var retry) ? retry.Due - now : null;
    }
}
