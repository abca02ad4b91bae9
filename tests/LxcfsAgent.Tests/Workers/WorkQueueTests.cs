using CsCheck;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

public sealed class WorkQueueTests
{
    /// <summary>Workers that have six in hand and stop at what is hostile, as the real one does.</summary>
    [Fact]
    public void Whoever_is_hostile_everybody_is_come_to_once_and_nobody_else_is_blamed() =>
        Gen.Select(Gen.Bool.Array[1, 30], Gen.Int[1, 6]).Sample((hostile, atOnce) =>
        {
            var names = hostile.Index().Select(one => $"mnt:[{one.Index}]").ToList();
            var queue = new WorkQueue([.. names.Select(name => new ContainerWork(name, [], []))]);
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
        });
}
