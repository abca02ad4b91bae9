using LxcfsAgent.Commands;
using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>Whatever becomes of a worker, who asked goes on, and the container that it hung in is told.</summary>
public sealed class WorkerPoolTests : IDisposable
{
    private readonly AgentMetrics _metrics = new();
    private readonly RecordingLogger _logger = new();
    private readonly List<WorkerPool> _pools = [];

    public void Dispose() => _pools.ForEach(pool => pool.Dispose());

    [Fact]
    public void A_late_worker_is_killed_the_container_that_it_had_begun_is_blamed_and_the_others_are_served()
    {
        var outcomes = Pool("one").Work(StandIn.Request("1", "held-2", "3", "4"));

        Assert.Equal(["mnt:[1]: ", "mnt:[3]: ", "mnt:[4]: ", $"mnt:[held-2]: {WorkerPool.Held}"], Sorted(outcomes));
        Assert.Equal(1, _metrics.WorkersKilled.Value);
        Assert.Equal("A worker was held up by mnt:[held-2] and is killed; another one goes on", Assert.Single(_logger.Lines));
    }

    [Fact]
    public void Of_several_that_a_late_worker_had_begun_each_is_tried_once_more_and_blamed_when_it_is_late_again()
    {
        var outcomes = Pool("several").Work(StandIn.Request("1", "held-2", "held-3", "4"));

        Assert.Equal(["mnt:[1]: ", "mnt:[4]: ", $"mnt:[held-2]: {WorkerPool.Held}", $"mnt:[held-3]: {WorkerPool.Held}"], Sorted(outcomes));
        Assert.Equal(2, _metrics.WorkersKilled.Value);
        Assert.Equal("A worker was held up by mnt:[held-2], mnt:[held-3] and is killed; another one goes on", _logger.Lines[^1]);
    }

    [Fact]
    public void Who_was_late_before_comes_last()
    {
        var outcomes = Pool("one").Work(StandIn.Request("held-1", "2", "held-3", "4"), new HashSet<string> { "mnt:[held-1]", "mnt:[held-3]", "mnt:[2]" });

        Assert.Equal("mnt:[4]", outcomes[0].Namespace);
        Assert.Equal(["mnt:[2]: ", "mnt:[4]: ", $"mnt:[held-1]: {WorkerPool.Held}", $"mnt:[held-3]: {WorkerPool.Held}"], Sorted(outcomes));
    }

    /// <summary>However long it would be waited for: LXCFS has died meanwhile, say.</summary>
    [Fact]
    public void Something_that_can_t_wait_does_not_wait_for_a_worker_that_is_held_up()
    {
        var looks = 0;
        var pool = Pool("one", StandIn.Limits with { Late = TimeSpan.FromHours(1) }, isUrgent: () => ++looks > 1);

        // Nobody is blamed who was not waited for, but who was late before is late again.
        Assert.Equal(["mnt:[1]: "], Sorted(pool.Work(StandIn.Request("1", "held-2", "3"))));
        looks = 0;
        Assert.Equal([$"mnt:[held-2]: {WorkerPool.Held}"], Sorted(pool.Work(StandIn.Request("held-2"), new HashSet<string> { "mnt:[held-2]" })));
    }

    [Fact]
    public void Something_that_can_t_wait_does_not_wait_for_a_worker_that_is_at_work_either()
    {
        var looks = 0;
        Assert.Equal(["mnt:[1]: ", "mnt:[3]: ", "mnt:[slow-2]: "], Sorted(Pool("one").Work(StandIn.Request("1", "slow-2", "3"))));

        var pool = Pool("one", StandIn.Limits with { Late = TimeSpan.FromHours(1) }, isUrgent: () => ++looks > 1);
        Assert.Equal(["mnt:[1]: "], Sorted(pool.Work(StandIn.Request("1", "slow-2", "3"))));
    }

    [Fact]
    public void A_worker_that_ends_is_not_counted_as_killed_and_what_it_had_begun_is_blamed()
    {
        var outcomes = Pool("one").Work(StandIn.Request("1", "dies-2", "3"));

        Assert.Equal(["mnt:[1]: ", "mnt:[3]: ", $"mnt:[dies-2]: {WorkerPool.Held}"], Sorted(outcomes));
        Assert.Equal(0, _metrics.WorkersKilled.Value);
    }

    [Fact]
    public void One_request_is_left_at_so_many_that_hold_workers_up_and_to_work_through_comes_to_all()
    {
        var request = StandIn.Request("held-1", "held-2", "held-3", "4");
        var pool = Pool("one", StandIn.Limits with { MostLate = 2 });

        Assert.Equal([$"mnt:[held-1]: {WorkerPool.Held}", $"mnt:[held-2]: {WorkerPool.Held}"], Sorted(pool.Work(request)));
        Assert.Equal(
            ["mnt:[4]: ", $"mnt:[held-1]: {WorkerPool.Held}", $"mnt:[held-2]: {WorkerPool.Held}", $"mnt:[held-3]: {WorkerPool.Held}"],
            Sorted(pool.WorkThrough(request)));
        Assert.Equal(5, _metrics.WorkersKilled.Value);
    }

    [Fact]
    public void What_takes_too_long_is_left_to_another_turn_once_anything_has_come_of_it()
    {
        var pool = Pool("one", StandIn.Limits with { LongestWork = TimeSpan.Zero });

        Assert.Equal(["mnt:[1]: ", $"mnt:[held-2]: {WorkerPool.Held}"], Sorted(pool.Work(StandIn.Request("1", "held-2", "3"))));
        Assert.Equal(3, pool.WorkThrough(StandIn.Request("1", "held-2", "3")).Count);
    }

    [Fact]
    public void A_worker_that_says_nothing_is_killed_and_nobody_is_blamed()
    {
        var pool = Pool("silent", StandIn.Limits with { LateInAll = TimeSpan.FromMilliseconds(300), LateAtLxcfs = TimeSpan.FromMilliseconds(300) });

        Assert.Throws<IOException>(() => pool.Work(StandIn.Request("1")));
        Assert.Throws<IOException>(() => pool.Scan(new(null, [], "/var/lib/lxc", Details: false)));
        Assert.Null(pool.Read("/proc/uptime", TimeSpan.FromMilliseconds(300)));
        Assert.Equal(3, _metrics.WorkersKilled.Value);
        Assert.All(_logger.Lines, line => Assert.Contains("held up by LXCFS", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_scan_goes_around_what_holds_it_up_and_names_it()
    {
        var scan = Pool("one").Scan(new(null, [], "/var/lib/lxc", Details: false));

        Assert.Equal(["mnt:[1]", "mnt:[4]"], scan.Containers.Select(container => container.Namespace));
        Assert.Equal(["mnt:[held-2]", "mnt:[held-3]"], scan.Late);
        Assert.False(scan.IsComplete);
        Assert.Equal(2, _metrics.WorkersKilled.Value);
    }

    [Fact]
    public void A_scan_that_something_could_not_wait_for_blames_nobody()
    {
        var looks = 0;
        var scan = Pool("one", StandIn.Limits with { Late = TimeSpan.FromHours(1) }, isUrgent: () => ++looks % 3 == 2).Scan(new(null, [], "/var/lib/lxc", Details: false));

        Assert.Equal(["mnt:[held-2]", "mnt:[held-3]"], scan.NotAwaited);
        Assert.Empty(scan.Late);
    }

    [Fact]
    public void A_scan_is_given_up_after_so_many_that_hold_it_up() =>
        Assert.Throws<IOException>(() => Pool("one", StandIn.Limits with { MostLate = 1 }).Scan(new(null, [], "/var/lib/lxc", Details: false)));

    [Fact]
    public void One_worker_answers_one_request_after_the_other_until_it_is_late()
    {
        var pool = Pool("one");

        var worker = pool.Read("/proc/uptime", TimeSpan.FromSeconds(5))?.Text;
        Assert.Single(pool.Work(StandIn.Request("1")));
        Assert.Equal(worker, pool.Read("/proc/uptime", TimeSpan.FromSeconds(5))?.Text);
        pool.Work(StandIn.Request("held-2"));
        Assert.NotEqual(worker, pool.Read("/proc/uptime", TimeSpan.FromSeconds(5))?.Text);
    }

    /// <summary>A process in a frozen control group of version 1 does not end when it is killed, as one that waits for a file system that never answers.</summary>
    [Fact]
    public void While_killed_workers_do_not_end_what_holds_another_up_waits_for_longer()
    {
        var group = $"/sys/fs/cgroup/freezer/lxcfs-agent-test-{Environment.ProcessId}";
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/sys/fs/cgroup/freezer/cgroup.procs"), "there are no control groups of version 1 that freeze");
        Directory.CreateDirectory(group);
        var pool = Pool("one", StandIn.Limits with { MostStuck = 1, StuckPause = TimeSpan.FromMinutes(7) }, group);
        try
        {
            pool.Work(StandIn.Request("held-1"));
            Assert.True(SpinWait.SpinUntil(() => pool.Work(StandIn.Request("2")).Count == 1 && pool.LatePause == TimeSpan.Zero, TimeSpan.FromSeconds(30)));

            Assert.Equal([$"mnt:[frozen-3]: {WorkerPool.Held}"], Sorted(pool.Work(StandIn.Request("frozen-3"))));

            Assert.Equal(TimeSpan.FromMinutes(7), pool.LatePause);
            Assert.Equal(["mnt:[4]: "], Sorted(pool.Work(StandIn.Request("4"))));
        }
        finally
        {
            File.WriteAllText($"{group}/freezer.state", "THAWED");
        }

        Assert.True(SpinWait.SpinUntil(() => pool.Work(StandIn.Request("5")).Count == 1 && pool.LatePause == TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        Assert.True(SpinWait.SpinUntil(() => Libc.RmDir(group) == 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Every_limit_has_its_number() => Assert.Equal(
        new WorkerLimits
        {
            Late = TimeSpan.FromSeconds(2),
            LateInAll = TimeSpan.FromSeconds(15),
            LateAtLxcfs = TimeSpan.FromSeconds(4),
            LongestWork = TimeSpan.FromSeconds(6),
            MostLate = 16,
            MostStuck = 3,
            StuckPause = TimeSpan.FromMinutes(10),
        },
        new());

    private WorkerPool Pool(string mode, WorkerLimits? limits = null, string folder = "", Func<bool>? isUrgent = null)
    {
        _pools.Add(new(RunCommand.CountKilled(_metrics, _logger), limits ?? StandIn.Limits, StandIn.Program(mode, folder), isUrgent));
        return _pools[^1];
    }

    private static IEnumerable<string> Sorted(IEnumerable<WorkOutcome> outcomes) =>
        outcomes.Select(outcome => $"{outcome.Namespace}: {outcome.Error}").Order(StringComparer.Ordinal);
}
