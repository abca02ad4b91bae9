using CsCheck;
using LxcfsAgent.Plan;
using LxcfsAgent.State;

namespace LxcfsAgent.Tests;

public sealed class AgentLeaseTests : IDisposable
{
    private readonly AgentFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void The_first_agent_may_claim_and_becomes_the_owner()
    {
        using var agent = AgentFolders.Join(_folders.NewNode(), "a");

        Assert.True(agent.Observe().MayClaim);
        Assert.True(AgentFolders.Claim(agent));
        Assert.True(agent.Owns());
        Assert.Equal((true, false, false), (agent.Observe().Owns, agent.Observe().MayClaim, agent.Observe().OthersLive));
    }

    /// <summary>On a kernel whose flock(2) fails, for want of memory, say.</summary>
    [Fact]
    public void Of_whom_it_can_t_be_told_whether_it_lives_nothing_is_taken()
    {
        var node = _folders.NewNode();
        using var old = AgentFolders.Join(node, "old");
        Assert.True(AgentFolders.Claim(old));
        using var @new = AgentFolders.Join(node, "new");
        old.Dispose();
        var flock = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 32 : 73;

        var seen = RestrictedThread.WithoutCall(flock, @new.Observe);
        Assert.Equal([old.Generation], seen.Unknown);
        Assert.True(seen.Lives(old.Generation) && seen.OthersLive);
        Assert.Throws<System.ComponentModel.Win32Exception>(() => RestrictedThread.WithoutCall(flock, () => @new.TryClaim(old.Generation)));

        Assert.Empty(@new.Observe().Unknown);
        Assert.False(@new.Observe().OthersLive);
    }

    [Fact]
    public void A_newer_agent_takes_over_and_the_older_stands_by()
    {
        var node = _folders.NewNode();
        using var old = AgentFolders.Join(node, "old");
        Assert.True(AgentFolders.Claim(old));
        using var @new = AgentFolders.Join(node, "new");

        Assert.True(old.Owns());
        Assert.True(AgentFolders.Claim(@new));
        Assert.True(StandsBy(old));
        Assert.False(old.Owns());
        Assert.False(AgentFolders.Claim(old));
        Assert.True(@new.Owns());
    }

    [Fact]
    public void An_owner_that_has_changed_since_it_was_seen_is_not_superseded()
    {
        var node = _folders.NewNode();
        using var old = AgentFolders.Join(node, "old");
        using var middle = AgentFolders.Join(node, "middle");
        using var @new = AgentFolders.Join(node, "new");
        var seen = @new.Observe().Owner;
        Assert.True(AgentFolders.Claim(middle));

        Assert.False(@new.TryClaim(seen));
        Assert.True(middle.Owns());
        Assert.True(AgentFolders.Claim(@new));
    }

    [Fact]
    public void Who_is_superseded_releases_nothing()
    {
        var node = _folders.NewNode();
        using var old = AgentFolders.Join(node, "old");
        AgentFolders.Claim(old);
        using var @new = AgentFolders.Join(node, "new");
        AgentFolders.Claim(@new);

        old.Release();

        Assert.True(@new.Owns());
    }

    [Fact]
    public void A_restarted_container_of_the_older_pod_stays_the_older()
    {
        var node = _folders.NewNode();
        var old = AgentFolders.Join(node, "old");
        AgentFolders.Claim(old);
        using var @new = AgentFolders.Join(node, "new");
        AgentFolders.Claim(@new);
        var generation = old.Generation;
        old.Dispose();

        using var restarted = AgentFolders.Join(node, "old");

        Assert.Equal(generation, restarted.Generation);
        Assert.True(StandsBy(restarted));
        Assert.True(@new.Owns());
    }

    [Fact]
    public void The_older_one_serves_again_when_the_newer_is_gone()
    {
        var node = _folders.NewNode();
        using var old = AgentFolders.Join(node, "old");
        AgentFolders.Claim(old);
        var @new = AgentFolders.Join(node, "new");
        AgentFolders.Claim(@new);

        @new.Dispose();

        Assert.True(old.Observe().MayClaim);
        Assert.True(AgentFolders.Claim(old));
    }

    [Fact]
    public void Who_gives_up_leaves_it_to_another_at_once()
    {
        var node = _folders.NewNode();
        using var old = AgentFolders.Join(node, "old");
        using var @new = AgentFolders.Join(node, "new");
        AgentFolders.Claim(@new);
        Assert.True(@new.Observe().OthersLive);

        @new.Release();

        Assert.True(old.Observe().MayClaim);
        Assert.True(AgentFolders.Claim(old));
    }

    [Fact]
    public void Two_processes_of_one_instance_get_two_generations()
    {
        var node = _folders.NewNode();
        using var first = AgentFolders.Join(node, "a");
        using var second = AgentFolders.Join(node, "a");

        Assert.NotEqual(first.Generation, second.Generation);
    }

    [Fact]
    public void Whatever_the_order_of_starts_kills_and_stops_the_newest_that_lives_owns_in_the_end() =>
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Const("start"), Gen.Const("kill"), Gen.Const("stop"), Gen.Const("turn"))).Array[1, 40].Sample(
            steps =>
            {
                var node = _folders.NewNode();
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

    private static bool StandsBy(AgentLease agent) => agent.Observe() is { Joined: true, Owns: false, MayClaim: false };
}
