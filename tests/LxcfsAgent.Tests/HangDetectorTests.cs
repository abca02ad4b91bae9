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

    /// <summary>
    /// Any tenant can keep the disk busy that LXCFS' own text has to be read from again. A reader waits in the same way for a page
    /// of an LXCFS that hangs.
    /// </summary>
    [Theory]
    [InlineData(false, false, false, false, false)]
    [InlineData(true, false, false, false, true)]
    [InlineData(false, true, false, false, true)]
    [InlineData(false, false, true, false, true)]
    [InlineData(false, false, false, true, false)]
    public void An_LXCFS_that_waits_for_the_disk_and_a_reader_that_waits_for_a_processor_do_something(bool runs, bool waits, bool readerRuns, bool readerWaits, bool expected) =>
        Assert.Equal(new ProcessActivity(5, expected), ProcessActivity.Join(new(2, runs, waits), new(3, readerRuns, readerWaits)));

    [Fact]
    public void While_nobody_has_been_started_to_ask_LXCFS_owes_nothing() =>
        Assert.True(ProcessActivity.OfAnswer(int.MaxValue, null).WantsProcessor);

    /// <summary>Its parent waits for a child that borrows its memory, which no signal but the last one interrupts.</summary>
    [Fact]
    public async Task A_process_that_the_kernel_keeps_waiting_is_told_from_one_that_sleeps()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "there is no python3");
        using var sleeper = System.Diagnostics.Process.Start("/bin/sleep", "60");
        using var waiter = System.Diagnostics.Process.Start("/usr/bin/python3", ["-c", "import ctypes, os; libc = ctypes.CDLL(None); clone = {'x86_64': 56, 'aarch64': 220}[os.uname().machine]; libc.syscall(clone, 0x4000 | 17, 0, 0, 0, 0) or libc.sleep(60)"]);
        try
        {
            for (var turn = 0; !ProcessActivity.Of(waiter.Id).WaitsForDisk; turn++)
            {
                Assert.True(turn < 600, "it does not come to wait");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            Assert.False(ProcessActivity.Of(sleeper.Id).WaitsForDisk);
        }
        finally
        {
            sleeper.Kill();
            waiter.Kill(entireProcessTree: true);
        }
    }

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
