using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>A worker whose steps are slow is no worker that is held up.</summary>
public sealed class WorkProgressTests
{
    private readonly StoppedClock _clock = new();
    private int _told;

    [Fact]
    public void Steps_that_take_long_are_told_before_a_worker_counts_as_held_up()
    {
        var limits = new WorkerLimits();
        Assert.True(2 * WorkProgress.Every < limits.Late);
        var progress = new WorkProgress(() => _told++, _clock);

        for (var step = 1; step <= WorkProgress.Longest.TotalSeconds; step++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Step();
            Assert.Equal(step, _told);
        }
    }

    [Fact]
    public void Steps_that_are_quick_cost_no_word_each()
    {
        var progress = new WorkProgress(() => _told++, _clock);

        for (var step = 0; step < 1000; step++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            progress.Step();
        }

        Assert.Equal(TimeSpan.FromSeconds(1) / WorkProgress.Every, _told);
    }

    [Fact]
    public void No_container_keeps_a_worker_for_ever_by_steps_that_go_on()
    {
        var progress = new WorkProgress(() => _told++, _clock);

        for (var second = 0; second < 3600; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Step();
        }

        Assert.Equal(WorkProgress.Longest, TimeSpan.FromSeconds(_told));
    }
}
