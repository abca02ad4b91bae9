using LxcfsAgent.Apply;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>A container that holds a worker up is left alone for a while, and no other is.</summary>
public sealed class QuarantineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private readonly AgentMetrics _metrics = new();
    private readonly RecordingLogger _logger = new();
    private readonly RetrySchedule _retries = new();
    private readonly WorkerPool _pool = new(_ => { }, StandIn.Limits, StandIn.Program("one"));

    public void Dispose()
    {
        _pool.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_container_that_holds_a_repair_up_is_tried_again_after_a_pause_and_the_others_at_once()
    {
        var node = new NodeSnapshot { Now = TimeSpan.FromSeconds(5) };

        Assert.True(Actions().Repair(new("/m/1-1", WaitForReaders: false, StandIn.Containers("1", "held-2", "3")), node));

        Assert.Equal(WorkerPool.Held, Assert.Single(_retries.Retries, retry => retry.Key == "mnt:[held-2]").Value.Error);
        Assert.Single(_retries.Retries);
        Assert.False((node with { Retries = _retries.Retries }).May("mnt:[held-2]"));
        Assert.Equal((1, 2), (_metrics.Faults.Value, _metrics.Repairs.Value));
        Assert.Contains($"Could not repair mnt:[held-2]: {WorkerPool.Held}; it is tried again after a pause", _logger.Lines);
    }

    [Fact]
    public void A_container_that_holds_a_scan_up_is_left_out_of_the_next_ones_and_counted()
    {
        var look = new ContainerLook(_pool, "/var/lib/lxc", _retries, _metrics, _logger);
        var node = new NodeSnapshot { Now = TimeSpan.FromSeconds(5) };

        Assert.Equal(["mnt:[held-2]", "mnt:[held-3]"], look.Take(node, details: false)!.Value.Scan.Late);
        Assert.Equal(2, _metrics.Quarantined.Value);

        Assert.Empty(look.Take(node with { Retries = _retries.Retries }, details: false)!.Value.Scan.Late);
    }

    [Fact]
    public void A_look_that_fails_is_counted_and_told_and_leaves_nothing_behind()
    {
        using var silent = new WorkerPool(_ => { }, StandIn.Limits with { LateInAll = TimeSpan.FromMilliseconds(300) }, StandIn.Program("silent"));

        Assert.Null(new ContainerLook(silent, "/var/lib/lxc", _retries, _metrics, _logger).Take(new(), details: false));

        Assert.Equal((1, 1, 0), (_metrics.Errors.Value, _metrics.IncompleteScans.Value, _metrics.Scans.Value));
        Assert.StartsWith("The node's containers could not be looked at", Assert.Single(_logger.Lines), StringComparison.Ordinal);
    }

    private ContainerActions Actions() =>
        new(_pool, new WithdrawnFiles(new(_folder, _ => { })), _retries, canPutBeneath: true, _metrics, _logger);
}
