using LxcfsAgent.Apply;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>A container that holds a worker up is left alone for a while, and no other is.</summary>
public sealed class QuarantineTests : IDisposable
{
    private static readonly FileFacts[] Stale =
        [.. ((string[])["/proc/stat", "/proc/uptime"]).Select(path => new FileFacts(path, path, FileLayer.Top, 1, "0:5"))];

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

        Assert.Equal(["mnt:[held-2]", "mnt:[held-3]"], look.Take(node, details: false)!.Late);
        Assert.Equal(2, _metrics.Quarantined.Value);

        Assert.Empty(look.Take(node with { Retries = _retries.Retries }, details: false)!.Late);
    }

    /// <summary>While an owner may have to repair others, who held a look up before is left out of it, due or not.</summary>
    [Fact]
    public void A_container_that_held_a_look_up_before_keeps_no_look_waiting_that_others_are_repaired_by()
    {
        var look = new ContainerLook(_pool, "/var/lib/lxc", _retries, _metrics, _logger);
        var node = new NodeSnapshot { Now = TimeSpan.FromSeconds(5), Phase = Phase.Owner };
        look.Take(node, details: false);
        var later = node with { Now = TimeSpan.FromSeconds(500), Retries = _retries.Retries };

        Assert.Empty(look.Take(later, details: false)!.Late);
        Assert.Equal(["mnt:[held-2]", "mnt:[held-3]"], look.Take(later with { Repaired = true }, details: false)!.Late);
    }

    /// <summary>A tenant may keep the kernel so busy that each look takes longer than others can wait.</summary>
    [Fact]
    public void A_container_that_others_could_not_wait_for_is_left_out_until_they_are_repaired_and_is_not_to_blame()
    {
        using var pool = new WorkerPool(_ => { }, StandIn.Limits with { Late = TimeSpan.FromSeconds(1), MostStuck = 0 }, StandIn.Program("waits"));
        var look = new ContainerLook(pool, "/var/lib/lxc", _retries, _metrics, _logger);
        var node = new NodeSnapshot { Now = TimeSpan.FromSeconds(5), Phase = Phase.Owner };
        _retries.Begin("lxcfs 1");

        var first = look.Take(node, details: false)!;
        Assert.Equal(("mnt:[held-2]", 0, false), (Assert.Single(first.NotAwaited), first.Late.Count, first.IsComplete));
        Assert.Equal(new(node.Now + TimeSpan.FromSeconds(0.25), WorkerPool.NotAwaited), Assert.Single(_retries.Retries).Value);

        var second = look.Take(node with { Now = TimeSpan.FromSeconds(500), Retries = _retries.Retries }, details: false)!;
        Assert.Equal((1, true), (second.Skipped, second.IsComplete));

        // With nobody left to repair it is waited for as long as any.
        var third = look.Take(node with { Now = TimeSpan.FromSeconds(500), Repaired = true, Retries = _retries.Retries }, details: false)!;
        Assert.Equal(("mnt:[held-2]", 0), (Assert.Single(third.Late), third.NotAwaited.Count));
    }

    [Fact]
    public void What_could_not_be_waited_for_is_looked_at_once_LXCFS_is_another_one()
    {
        _retries.Begin("lxcfs 1");
        _retries.Failed("mnt:[1]", WorkerPool.NotAwaited, TimeSpan.Zero);
        _retries.Failed("mnt:[2]", WorkerPool.Held, TimeSpan.Zero);

        _retries.Begin("lxcfs 2");

        Assert.Equal("mnt:[2]", Assert.Single(_retries.Retries).Key);
    }

    /// <summary>A pool that takes none for stuck, and one that takes itself for stuck with none.</summary>
    [Fact]
    public void A_container_waits_for_killed_workers_only_until_these_have_ended()
    {
        using var pool = new WorkerPool(_ => { }, StandIn.Limits with { MostStuck = 0 }, StandIn.Program("one"));
        var look = new ContainerLook(_pool, "/var/lib/lxc", _retries, _metrics, _logger);
        var now = TimeSpan.FromSeconds(5);
        _retries.Failed("mnt:[1]", WorkerPool.Held, now, pool.LatePause);
        Assert.Equal(now + TimeSpan.FromMinutes(10), _retries.Retries["mnt:[1]"].Due);

        new ContainerLook(pool, "/var/lib/lxc", _retries, _metrics, _logger).Release();
        Assert.Equal(now + TimeSpan.FromMinutes(10), _retries.Retries["mnt:[1]"].Due);

        look.Release();
        Assert.InRange(_retries.Retries["mnt:[1]"].Due, now, now + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void What_a_newer_kernel_can_replace_only_after_it_is_detached_is_on_record_before()
    {
        using var pool = new WorkerPool(_ => { }, StandIn.Limits, StandIn.Program("one", _folder));
        var record = new WithdrawnFiles(new(_folder, _ => { }));
        var containers = StandIn.Containers("1", "unrecorded-2").Select(work => work with { Files = Stale });

        new ContainerActions(pool, record, _retries, canPutBeneath: true, _metrics, _logger).Repair(new("/m/1-1", WaitForReaders: false, [.. containers]), new());

        // Of two files the second one at the second try alone.
        Assert.Equal((0, 3), (_metrics.Faults.Value, _metrics.Repairs.Value));
        Assert.Empty(record.Read());
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
