using System.Collections.Concurrent;
using LxcfsAgent.Native;
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

    /// <summary>Handed over one by one, and together with others, the first or the last of them.</summary>
    [Theory]
    [InlineData(1, "held honest")]
    [InlineData(1, "honest held honest")]
    [InlineData(1, "honest honest held")]
    [InlineData(50, "held")]
    [InlineData(10, "held honest held")]
    public void A_look_that_is_held_up_keeps_no_other_from_being_done_and_is_told_when_it_has_ended(int times, string together)
    {
        using var free = new ManualResetEventSlim();
        using var looks = new LookThreads<string>();
        List<string> held = [], honest = [], done = [];
        for (var time = 0; time < times; time++)
        {
            string[] names = [.. together.Split(' ').Select((kind, index) => $"{kind}-{time}-{index}")];
            held.AddRange(names.Where(IsHeld));
            honest.AddRange(names.Where(name => !IsHeld(name)));
            var results = looks.Do(names, (index, _, _) => !IsHeld(names[index]) || free.Wait(Patience) ? names[index] : "late", () => false, _ => { });
            Assert.Equal(names.Length, results.Count);
            Assert.All(names.Zip(results), pair => Assert.True(pair.Second is null || pair.Second == pair.First));
            Assert.All(names.Zip(results).Where(pair => IsHeld(pair.First)), pair => Assert.Null(pair.Second));
            done.AddRange(results.OfType<string>());
        }

        // Also one that is only slow.
        while (done.Count < honest.Count && looks.Finished(Patience) is { } slow)
            done.Add(slow.Result);
        Assert.Equal(honest.Order(), done.Order());
        Assert.Null(looks.Finished(TimeSpan.Zero));
        free.Set();
        Assert.Equal(held.Select(name => (name, name)).Order(), Finished().Order());

        bool IsHeld(string name) => name.StartsWith("held", StringComparison.Ordinal);

        IEnumerable<(string, string)> Finished()
        {
            while (looks.Finished(Patience) is { } finished)
                yield return finished;
        }
    }

    [Fact]
    public void Where_no_further_look_may_be_held_up_the_rest_is_not_begun()
    {
        using var free = new ManualResetEventSlim();
        using var looks = new LookThreads<string>();
        string[] names = [.. Enumerable.Range(0, 100).Select(look => $"{look}")];

        var results = looks.Do(names, (index, _, _) => free.Wait(Patience) ? names[index] : "late", () => false, _ => { });

        Assert.Equal(LookThreads<string>.Most, results.Count);
        free.Set();
        HashSet<string> finished = [];
        while (looks.Finished(Patience) is { } one)
            finished.Add(one.Result);
        Assert.Equal(names[..LookThreads<string>.Most].ToHashSet(), finished);
    }

    /// <summary>As where the kernel is busy with a tenant's mounts, which every look has to wait for.</summary>
    [Fact]
    public void Looks_that_are_slow_and_finish_make_room_for_the_others()
    {
        using var free = new ManualResetEventSlim();
        using var looks = new LookThreads<string>();
        string[] names = [.. Enumerable.Range(0, 3 * LookThreads<string>.Most).Select(look => $"{look}")];
        var slow = 0;

        var results = looks.Do(
            names, (index, _, _) => index >= LookThreads<string>.Most || free.Wait(Patience) ? names[index] : "late", () => false, HoldsUp);

        Assert.Equal(names.Length, results.Count);
        var finished = new List<string>();
        while (looks.Finished(Patience) is { } one)
            finished.Add(one.Result);
        Assert.Equal(names.Order(), results.OfType<string>().Concat(finished).Order());

        void HoldsUp(string name)
        {
            if (++slow == LookThreads<string>.Most)
                _ = Task.Run(free.Set);
        }
    }

    [Fact]
    public void Where_there_is_no_time_left_the_rest_is_not_begun()
    {
        const int enough = 3;
        using var looks = new LookThreads<string>();
        string[] names = [.. Enumerable.Range(0, 200).Select(look => $"{look}")];
        var begun = 0;

        var results = looks.Do(names, Look, () => Volatile.Read(ref begun) >= enough, _ => { });

        Assert.InRange(results.Count, enough, names.Length - 1);
        Assert.InRange(begun, results.Count, results.Count + 1);

        string Look(int index, MountNamespace.Roamer roamer, byte[][] text)
        {
            Interlocked.Increment(ref begun);
            Thread.Sleep(20);
            return names[index];
        }
    }
}
