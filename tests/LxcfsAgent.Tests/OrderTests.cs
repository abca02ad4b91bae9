using CsCheck;
using LxcfsAgent.Node;

namespace LxcfsAgent.Tests;

public sealed class OrderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private int _nodes;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Whatever_the_order_of_starts_kills_and_stops_the_newest_that_lives_owns_in_the_end() =>
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Const("start"), Gen.Const("kill"), Gen.Const("stop"), Gen.Const("turn"))).Array[1, 40].Sample(
            steps =>
            {
                var node = new StateFolder($"{_path}/{_nodes++}");
                var agents = new Generations?[4];
                foreach (var (pod, step) in steps)
                {
                    switch (step)
                    {
                        case "start":
                            agents[pod] ??= Generations.Join(node, $"pod-{pod}");
                            break;
                        case "turn":
                            agents[pod]?.AsOwner(() => { });
                            break;
                        default:
                            if (step == "stop")
                                agents[pod]?.GiveUp();
                            agents[pod]?.Dispose();
                            agents[pod] = null;
                            break;
                    }

                    Assert.True(agents.Count(agent => agent?.Role == Role.Owner) <= 1);
                }

                var living = agents.OfType<Generations>().ToList();
                // Each agent takes turn after turn.
                foreach (var agent in living.Concat(living))
                    agent.AsOwner(() => { });
                Assert.Equal(living.MaxBy(agent => agent.Generation), living.SingleOrDefault(agent => agent.Role == Role.Owner));
                living.ForEach(agent => agent.Dispose());
            },
            iter: 100,
            threads: 1);
}
