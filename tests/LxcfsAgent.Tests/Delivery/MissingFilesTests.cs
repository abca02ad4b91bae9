using LxcfsAgent.Delivery;
using LxcfsAgent.Native;
using LxcfsAgent.Tests.Workers;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Delivery;

/// <summary>What came of containers that may lack files, with workers that are played.</summary>
public sealed class MissingFilesTests
{
    [Fact]
    public void A_container_that_got_none_of_its_files_is_not_served()
    {
        using var pool = new WorkerPool(_ => { }, StandIn.Limits, StandIn.Program("one"));

        var additions = new MissingFiles(pool, "/var/lib/lxc/lxcfs").Add(StandIn.Containers("1", "bare-2"));

        Assert.Equal(new(1, 1, IsOwn: true), additions[0]);
        Assert.True(additions[1] is { Error: not null, IsOwn: true }, $"{additions[1]}");
    }

    [Fact]
    public void Two_that_are_said_to_be_in_one_namespace_end_nothing()
    {
        using var pool = new WorkerPool(_ => { }, StandIn.Limits, StandIn.Program("one"));

        Assert.All(new MissingFiles(pool, "/var/lib/lxc/lxcfs").Add(StandIn.Containers("1", "1")), addition => Assert.Null(addition.Error));
    }

    [Fact]
    public void That_no_worker_can_be_had_is_no_container_s_doing()
    {
        using var pool = new WorkerPool(_ => { }, StandIn.Limits, new Spawn("/nowhere", ["nowhere"]));

        var addition = Assert.Single(new MissingFiles(pool, "/var/lib/lxc/lxcfs").Add(StandIn.Containers("1")));

        Assert.True(addition is { Error: not null, IsOwn: false }, $"{addition}");
    }
}
