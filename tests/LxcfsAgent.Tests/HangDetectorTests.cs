using LxcfsAgent.Lxcfs;

namespace LxcfsAgent.Tests;

public sealed class HangDetectorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Fact]
    public void One_that_owes_an_answer_and_does_nothing_hangs_when_patience_is_over()
    {
        var hanging = new HangDetector(Patience);

        Assert.Equal(Patience, FirstThatHangs(hanging, Every(0.25, 10), _ => new(Used: 7, WantsProcessor: false)));
        Assert.False(hanging.IsSlow);
    }

    [Fact]
    public void One_whose_threads_wait_for_a_processor_is_slow() => IsSlow(_ => new(Used: 7, WantsProcessor: true));

    [Fact]
    public void One_that_used_a_processor_between_two_looks_is_slow() => IsSlow(look => new(Used: look, WantsProcessor: false));

    [Fact]
    public void One_that_is_at_work_for_ever_hangs_in_the_end() =>
        Assert.Equal(10 * Patience, FirstThatHangs(new(Patience), Every(0.25, 100), look => new(Used: look, WantsProcessor: true)));

    [Fact]
    public void A_watcher_that_comes_late_does_not_count_the_time_that_it_did_not_get() =>
        Assert.Equal(TimeSpan.FromSeconds(12), FirstThatHangs(new(Patience), Every(2, 20), _ => default));

    /// <summary>As one that was stopped and goes on: it may look before it has read the answer.</summary>
    [Fact]
    public void A_watcher_that_comes_much_too_late_ends_nobody_for_it() =>
        Assert.Null(FirstThatHangs(new(Patience), Every(3600, 10_800), look => new(Used: look, WantsProcessor: false)));

    [Fact]
    public void Another_question_is_counted_from_its_start()
    {
        var hanging = new HangDetector(Patience);

        Assert.Null(FirstThatHangs(hanging, Every(0.25, 2.75), _ => default));
        Assert.False(hanging.Look(TimeSpan.Zero, default));
        Assert.Equal(Patience, FirstThatHangs(hanging, Every(0.25, 10), _ => default));
    }

    [Fact]
    public void This_process_works_while_it_is_asked() => Assert.True(ProcessActivity.Of(Environment.ProcessId).WantsProcessor);

    [Fact]
    public void A_process_that_is_not_there_does_nothing() => Assert.Equal(default, ProcessActivity.Of(int.MaxValue));

    private static void IsSlow(Func<int, ProcessActivity> activity)
    {
        var hanging = new HangDetector(Patience);

        Assert.Null(FirstThatHangs(hanging, Every(0.25, 29), activity));
        Assert.True(hanging.IsSlow);
        Assert.False(hanging.Look(TimeSpan.Zero, default));
        Assert.False(hanging.IsSlow);
    }

    private static IEnumerable<TimeSpan> Every(double seconds, double until) =>
        Enumerable.Range(1, (int)(until / seconds)).Select(look => TimeSpan.FromSeconds(look * seconds));

    private static TimeSpan? FirstThatHangs(HangDetector hanging, IEnumerable<TimeSpan> looks, Func<int, ProcessActivity> activity)
    {
        foreach (var (look, owed) in looks.Index())
        {
            if (hanging.Look(owed, activity(look)))
                return owed;
        }

        return null;
    }
}
