using System.Collections.Concurrent;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>However many containers hold the thread up that is in them, there is one for who does not.</summary>
public sealed class CrewTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(Crew.Most - 1)]
    public async Task Whoever_is_held_up_the_last_work_is_done(int held)
    {
        using var free = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var queue = new ConcurrentQueue<int>(Enumerable.Range(0, held + 1));
        var crew = Task.Run(
            () => Crew.Work(atFirst: 6, isMore: () => !queue.IsEmpty, work: (_, step) =>
            {
                while (queue.TryDequeue(out var work))
                {
                    if (work == held)
                        done.Set();
                    else
                        free.Wait();
                    step();
                }
            }),
            TestContext.Current.CancellationToken);

        Assert.True(done.Wait(Patience, TestContext.Current.CancellationToken), "the last work is not come to");
        free.Set();
        await crew.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_fails_on_a_thread_fails_for_who_waits() =>
        Assert.Throws<InvalidDataException>(() => Crew.Work(2, () => false, (_, _) => throw new InvalidDataException("it fails")));

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void A_look_that_is_held_up_keeps_no_other_from_being_done_and_is_told_when_it_has_ended(int held)
    {
        using var free = new ManualResetEventSlim();
        using var looks = new LookThreads<string>();

        for (var look = 0; look < held; look++)
        {
            var name = $"{look}";
            Assert.Null(looks.Do(name, (_, _) => free.Wait(Patience) ? name : "late"));
        }

        // Also one that is only slow.
        var honest = looks.Do("honest", (_, _) => "done");
        Assert.Equal("done", honest ?? looks.Finished(Patience)?.Result);
        Assert.Null(looks.Finished(TimeSpan.Zero));
        free.Set();
        Assert.Equal(Enumerable.Range(0, held).Select(look => (look.ToString(System.Globalization.CultureInfo.InvariantCulture), look.ToString(System.Globalization.CultureInfo.InvariantCulture))).Order(), Finished().Order());
        Assert.False(looks.IsFull);

        IEnumerable<(string, string)> Finished()
        {
            while (looks.Finished(Patience) is { } finished)
                yield return finished;
        }
    }
}
