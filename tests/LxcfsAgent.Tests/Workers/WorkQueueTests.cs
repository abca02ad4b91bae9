using CsCheck;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

public sealed class WorkQueueTests
{
    /// <summary>Workers that have some in hand, and are held up when each of these is hostile.</summary>
    [Fact]
    public void Whoever_is_hostile_everybody_is_come_to_once_and_nobody_else_is_blamed() =>
        Gen.Select(Gen.Bool.Array[1, 30], Gen.Bool.Array[30], Gen.Int[1, 6]).Sample((hostile, before, atOnce) =>
        {
            var names = hostile.Index().Select(one => $"mnt:[{one.Index}]").ToList();
            var lateBefore = names.Where((_, index) => before[index]).ToHashSet();
            var queue = new WorkQueue([.. names.Select(name => new ContainerWork(name, [], []))], lateBefore);
            for (var turns = 0; queue.Next() is { } batch; turns++)
            {
                Assert.True(turns <= 3 * names.Count, "it comes to no end");
                List<string> begun = [];
                foreach (var work in batch)
                {
                    if (hostile[names.IndexOf(work.Namespace)])
                        begun.Add(work.Namespace);
                    else
                        queue.Note(new(work.Namespace, 1));
                    if (begun.Count == atOnce)
                        break;
                }

                if (begun.Count > 0)
                    queue.NoteLate(batch, begun);
            }

            Assert.Equal(names, queue.Outcomes.Select(outcome => outcome.Namespace).OrderBy(names.IndexOf));
            Assert.All(queue.Outcomes, outcome => Assert.Equal(hostile[names.IndexOf(outcome.Namespace)] ? WorkerPool.Held : null, outcome.Error));
            Assert.Equal(hostile.Count(one => one), queue.Late);
            // Nobody who was never late waits for one that was.
            var order = queue.Outcomes.Select(outcome => outcome.Namespace).ToList();
            var honest = order.FindLastIndex(name => !hostile[names.IndexOf(name)] && !lateBefore.Contains(name));
            Assert.DoesNotContain(order.Take(honest + 1), lateBefore.Contains);
        });

    [Fact]
    public void Who_was_in_hand_beside_another_is_tried_once_more_and_is_not_to_blame_when_it_is_done_then()
    {
        var queue = new WorkQueue(StandIn.Containers("slow", "held", "3"), new HashSet<string>());

        queue.NoteLate(queue.Next()!, ["mnt:[slow]", "mnt:[held]"]);
        Assert.Equal(["mnt:[3]"], queue.Next()!.Select(work => work.Namespace));
        queue.Note(new("mnt:[3]", 1));
        var suspects = queue.Next()!;
        queue.Note(new("mnt:[slow]", 1));
        queue.NoteLate(suspects, ["mnt:[held]"]);

        Assert.Null(queue.Next());
        Assert.Equal(["mnt:[3]", "mnt:[slow]", "mnt:[held]"], queue.Outcomes.Select(outcome => outcome.Namespace));
        Assert.Equal(WorkerPool.Held, Assert.Single(queue.Outcomes, outcome => outcome.Error is not null).Error);
    }
}
