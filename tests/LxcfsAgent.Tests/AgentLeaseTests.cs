using CsCheck;
using LxcfsAgent.Plan;
using LxcfsAgent.State;

namespace LxcfsAgent.Tests;

public sealed class AgentLeaseTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private readonly List<string> _said = [];
    private int _nodes;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void The_first_agent_may_claim_and_becomes_the_owner()
    {
        using var agent = Join(NewNode(), "a");

        Assert.True(agent.Observe().MayClaim);
        Assert.True(Claim(agent));
        Assert.True(agent.Owns());
        Assert.Equal((true, false, false), (agent.Observe().Owns, agent.Observe().MayClaim, agent.Observe().OthersLive));
    }

    [Fact]
    public void A_newer_agent_takes_over_and_the_older_stands_by()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        Assert.True(Claim(old));
        using var @new = Join(node, "new");

        Assert.True(old.Owns());
        Assert.True(Claim(@new));
        Assert.True(StandsBy(old));
        Assert.False(old.Owns());
        Assert.False(Claim(old));
        Assert.True(@new.Owns());
    }

    [Fact]
    public void An_owner_that_has_changed_since_it_was_seen_is_not_superseded()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        using var middle = Join(node, "middle");
        using var @new = Join(node, "new");
        var seen = @new.Observe().Owner;
        Assert.True(Claim(middle));

        Assert.False(@new.TryClaim(seen));
        Assert.True(middle.Owns());
        Assert.True(Claim(@new));
    }

    [Fact]
    public void Who_is_superseded_releases_nothing()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        Claim(old);
        using var @new = Join(node, "new");
        Claim(@new);

        old.Release();

        Assert.True(@new.Owns());
    }

    [Fact]
    public void A_restarted_container_of_the_older_pod_stays_the_older()
    {
        var node = NewNode();
        var old = Join(node, "old");
        Claim(old);
        using var @new = Join(node, "new");
        Claim(@new);
        var generation = old.Generation;
        old.Dispose();

        using var restarted = Join(node, "old");

        Assert.Equal(generation, restarted.Generation);
        Assert.True(StandsBy(restarted));
        Assert.True(@new.Owns());
    }

    [Fact]
    public void A_node_remembers_the_latest_instances_and_those_that_live()
    {
        var node = NewNode();
        using var living = Join(node, "living");
        for (var pod = 0; pod < 100; pod++)
            Join(node, $"pod {pod}").Dispose();

        Assert.True(Directory.GetFiles(node.Path, "*", SearchOption.AllDirectories).Length < 40);
        Assert.True(node.IsLeased(living.Generation));
        using var restarted = Join(node, "pod 99");
        Assert.Equal(living.Generation + 100, restarted.Generation);
        Assert.Equal([living.Generation, restarted.Generation], restarted.Observe().Living);
        living.Dispose();
        using var again = Join(node, "living");
        Assert.Equal(living.Generation, again.Generation);
    }

    [Fact]
    public void The_older_one_serves_again_when_the_newer_is_gone()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        Claim(old);
        var @new = Join(node, "new");
        Claim(@new);

        @new.Dispose();

        Assert.True(old.Observe().MayClaim);
        Assert.True(Claim(old));
    }

    [Fact]
    public void Who_gives_up_leaves_it_to_another_at_once()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        using var @new = Join(node, "new");
        Claim(@new);
        Assert.True(@new.Observe().OthersLive);

        @new.Release();

        Assert.True(old.Observe().MayClaim);
        Assert.True(Claim(old));
    }

    [Fact]
    public void Two_processes_of_one_instance_get_two_generations()
    {
        var node = NewNode();
        using var first = Join(node, "a");
        using var second = Join(node, "a");

        Assert.NotEqual(first.Generation, second.Generation);
    }

    [Fact]
    public void After_a_cleanup_nobody_serves_until_a_new_agent_joins()
    {
        var node = NewNode();
        using var agent = Join(node, "a");
        Claim(agent);
        using (node.Lock())
            node.Delete();

        Assert.False(node.Exists);
        Assert.False(agent.Observe().Joined);
        Assert.False(agent.Owns());
        using var next = Join(node, "b");
        Assert.True(Claim(next));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public void An_owner_that_is_no_number_is_put_aside_and_told_and_the_node_can_be_claimed(string text)
    {
        var node = NewNode();
        using var agent = Join(node, "a");
        File.WriteAllText($"{node.Path}/owner", text);

        Assert.Equal(0, agent.Observe().Owner);
        Assert.True(Claim(agent));
        Assert.Equal(text, File.ReadAllText($"{node.Path}/owner.bad"));
        Assert.Contains("owner.bad", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_in_the_place_of_files_are_put_aside_and_told()
    {
        var node = NewNode();
        foreach (var name in (string[])["lock", "owner", "generation", "starts"])
            Directory.CreateDirectory($"{node.Path}/{name}");

        using var agent = Join(node, "a");
        Assert.True(Claim(agent));
        Assert.EndsWith("/mounts/1-1", agent.NewMountPoint(), StringComparison.Ordinal);
        Assert.Equal(4, _said.Count);
    }

    [Fact]
    public void No_mount_point_is_given_twice()
    {
        var node = NewNode();
        using var agent = Join(node, "a");
        using var other = Join(node, "b");

        Assert.Equal(6, ((string[])[.. Enumerable.Range(0, 3).SelectMany(_ => (string[])[agent.NewMountPoint(), other.NewMountPoint()])]).Distinct().Count());
    }

    [Fact]
    public void Whatever_the_order_of_starts_kills_and_stops_the_newest_that_lives_owns_in_the_end() =>
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Const("start"), Gen.Const("kill"), Gen.Const("stop"), Gen.Const("turn"))).Array[1, 40].Sample(
            steps =>
            {
                var node = NewNode();
                var agents = new AgentLease?[4];
                foreach (var (pod, step) in steps)
                {
                    switch (step)
                    {
                        case "start":
                            agents[pod] ??= AgentLease.Join(node, $"pod-{pod}");
                            break;
                        case "turn" when agents[pod] is { } agent:
                            TakeTurn(agent, stop: false);
                            break;
                        case "stop" or "kill" when agents[pod] is { } agent:
                            if (step == "stop")
                                TakeTurn(agent, stop: true);
                            agent.Dispose();
                            agents[pod] = null;
                            break;
                    }

                    Assert.True(agents.Count(agent => agent?.Owns() == true) <= 1);
                }

                var living = agents.OfType<AgentLease>().ToList();
                // Each agent takes turn after turn.
                foreach (var agent in living.Concat(living))
                    TakeTurn(agent, stop: false);
                Assert.Equal(living.MaxBy(agent => agent.Generation), living.SingleOrDefault(agent => agent.Owns()));
                Assert.All(living, agent => Assert.True(agent.Owns() || StandsBy(agent)));
                living.ForEach(agent => agent.Dispose());
            },
            iter: 100,
            threads: 1);

    /// <summary>What the planner has an agent with a right LXCFS do about the lease.</summary>
    private static void TakeTurn(AgentLease agent, bool stop)
    {
        var plan = Planner.Plan(new() { Agents = agent.Observe(), Lxcfs = new(7, "/m/1-1", LxcfsHealth.Right, "0:9"), StopRequested = stop });
        switch (plan.Actions)
        {
            case [ClaimNode claim]:
                Assert.True(agent.TryClaim(claim.From));
                break;
            case [ReleaseNode, ..]:
                agent.Release();
                break;
        }
    }

    private StateFolder NewNode() => new($"{_path}/{_nodes++}", _said.Add);

    private static AgentLease Join(StateFolder folder, string instance) => AgentLease.Join(folder, instance);

    private static bool Claim(AgentLease agent) => agent.TryClaim(agent.Observe().Owner);

    private static bool StandsBy(AgentLease agent) => agent.Observe() is { Joined: true, Owns: false, MayClaim: false };
}
