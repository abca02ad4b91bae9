using LxcfsAgent.Node;

namespace LxcfsAgent.Tests;

public sealed class GenerationsTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private int _nodes;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void The_first_agent_becomes_the_owner()
    {
        using var agent = Join(NewNode(), "a");

        Assert.Equal(Role.Claimant, agent.Role);
        Assert.True(agent.AsOwner(() => { }));
        Assert.Equal(Role.Owner, agent.Role);
    }

    [Fact]
    public void A_newer_agent_takes_over_and_the_older_stands_by()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        old.AsOwner(() => { });
        using var @new = Join(node, "new");

        Assert.Equal(Role.Owner, old.Role);
        Assert.True(@new.AsOwner(() => { }));
        Assert.Equal(Role.Standby, old.Role);
        Assert.False(old.AsOwner(() => Assert.Fail("superseded")));
    }

    [Fact]
    public void A_restarted_container_of_the_older_pod_stays_the_older()
    {
        var node = NewNode();
        var old = Join(node, "old");
        old.AsOwner(() => { });
        using var @new = Join(node, "new");
        @new.AsOwner(() => { });
        var generation = old.Generation;
        old.Dispose();

        using var restarted = Join(node, "old");

        Assert.Equal(generation, restarted.Generation);
        Assert.Equal(Role.Standby, restarted.Role);
        Assert.Equal(Role.Owner, @new.Role);
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
        living.Dispose();
        using var again = Join(node, "living");
        Assert.Equal(living.Generation, again.Generation);
    }

    [Fact]
    public void The_older_one_serves_again_when_the_newer_is_gone()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        old.AsOwner(() => { });
        var @new = Join(node, "new");
        @new.AsOwner(() => { });

        @new.Dispose();

        Assert.Equal(Role.Claimant, old.Role);
    }

    [Fact]
    public void Who_gives_up_leaves_it_to_another_at_once()
    {
        var node = NewNode();
        using var old = Join(node, "old");
        using var @new = Join(node, "new");
        @new.AsOwner(() => { });
        Assert.True(@new.HasStandby);

        @new.GiveUp();

        Assert.Equal(Role.Claimant, old.Role);
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
        agent.AsOwner(() => { });
        using (node.Lock())
            node.Delete();

        Assert.False(node.Exists);
        Assert.Equal(Role.Withdrawn, agent.Role);
        Assert.False(agent.AsOwner(() => Assert.Fail("withdrawn")));
        using var next = Join(node, "b");
        Assert.True(next.AsOwner(() => { }));
    }

    [Fact]
    public void No_mount_point_is_given_twice()
    {
        var node = NewNode();
        using var agent = Join(node, "a");
        using var other = Join(node, "b");

        Assert.Equal(6, ((string[])[.. Enumerable.Range(0, 3).SelectMany(_ => (string[])[agent.NewMountPoint(), other.NewMountPoint()])]).Distinct().Count());
    }

    private StateFolder NewNode() => new($"{_path}/{_nodes++}");

    private static Generations Join(StateFolder folder, string instance) => Generations.Join(folder, instance);
}
