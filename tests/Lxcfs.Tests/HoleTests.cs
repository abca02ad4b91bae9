using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>
/// What a tenant can do to LXCFS as Debian packages it, and can't do to ours. Each test runs against both: that the packaged one
/// falls shows that the attack is one.
/// </summary>
public sealed class HoleTests
{
    [Theory]
    [Trait("Change", "10-first-process")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_that_may_trace_sees_the_node_through_a_helper_of_LXCFS(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        await using var slow = await SlowHelperAsync(lxcfs);
        // A path of LXCFS's own container, which the tenant's has not.
        var secret = $"{lxcfs.Programs}/lxcfs";
        var (strangers, secrets) = (0d, 0d);
        // The packaged one remembers a namespace, so each try is a new container; one of them is enough.
        for (var round = 0; round < 8 && (secrets == 0 || !falls); round++)
        {
            var tenant = await TenantContainer.StartAsync(lxcfs, $"tenant-{round}", ["hunt", "/proc/uptime", secret], "--cap-add", "CAP_SYS_PTRACE");
            var found = TenantContainer.Numbers(await tenant.PrintedAsync());
            (strangers, secrets) = (strangers + found["strangers"], secrets + found["secrets"]);
        }

        Assert.Equal(falls, strangers > 0);
        Assert.Equal(falls, secrets > 0);
    }

    [Theory]
    [Trait("Change", "10-first-process")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_s_root_that_stops_all_its_processes_stops_LXCFS(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        await using var slow = await SlowHelperAsync(lxcfs);
        var neighbour = await TenantContainer.StartAsync(lxcfs, "neighbour", TenantContainer.Hold);
        var attacker = await TenantContainer.StartAsync(lxcfs, "attacker", ["stop-all", "/proc/uptime", "40"]);
        await attacker.PrintedAsync();
        // Each reader of the attacker's has to meet a helper at the right moment, which takes a while where processors are scarce.
        var (answered, rounds) = (0, falls ? 400 : 40);
        for (var round = 0; round < rounds && answered == round; round++)
        {
            // From inside, so that the node's own namespace is not the one that is looked for.
            string[] read = ["nsenter", "-t", $"{neighbour.PidInNode}", "-p", "-m", "/bin/cat", "/proc/uptime"];
            var reading = node.TryAsync(["timeout", "-k", "1", "5", .. read]);
            if (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken)) == reading && (await reading).ExitCode == 0)
                answered++;
        }

        if (falls)
            Assert.True(answered < rounds, "the neighbour was answered each time");
        else
            Assert.Equal(rounds, answered);
    }

    [Theory]
    [Trait("Change", "20-own-buffer")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, true)]
    [InlineData(Build.Ours, false)]
    public async Task Open_files_of_one_container_cost_LXCFS_its_memory(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var before = Processes.Kilobytes(lxcfs.Pid, "RssAnon");
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", ["open-many", "/proc/cpuinfo", "65", "1000"]);
        var found = TenantContainer.Numbers(await tenant.PrintedAsync());
        var grown = (Processes.Kilobytes(lxcfs.Pid, "RssAnon") - before) / 1024;
        Measured.Print($"65,000 opens of one container, {build}: {found["opened"]} granted, {grown} MiB");
        Assert.Equal(falls, grown > 40);
        if (falls)
            return;
        const int tooManyOpenFiles = 23;
        Assert.Equal((16384, tooManyOpenFiles), (found["opened"], found["error"]));
        // Another's are not counted with them, and theirs are given back.
        var neighbour = await TenantContainer.StartAsync(lxcfs, "neighbour", TenantContainer.Hold);
        Assert.NotEmpty(await neighbour.ExecAsync("cat", "/proc/cpuinfo"));
        await tenant.KillAsync();
        var next = await TenantContainer.StartAsync(lxcfs, "next", ["open-many", "/proc/cpuinfo", "17", "1000"]);
        Assert.Equal(16384, TenantContainer.Numbers(await next.PrintedAsync())["opened"]);
    }

    [Fact]
    [Trait("Change", "20-own-buffer")]
    public async Task Open_files_of_many_containers_together_leave_each_other_container_some()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        var before = Processes.Kilobytes(lxcfs.Pid, "RssAnon");
        var opened = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var tenant = await TenantContainer.StartAsync(lxcfs, $"tenant-{i}", ["open-many", "/proc/cpuinfo", "17", "1000"]);
            opened.Add((int)TenantContainer.Numbers(await tenant.PrintedAsync())["opened"]);
        }

        Assert.Equal([16384, 16384, 16384, 16384, 256], opened);
        var neighbour = await TenantContainer.StartAsync(lxcfs, "neighbour", TenantContainer.Hold);
        Assert.NotEmpty(await neighbour.ExecAsync("cat", "/proc/cpuinfo"));
        var grown = (Processes.Kilobytes(lxcfs.Pid, "RssAnon") - before) / 1024;
        Measured.Print($"65,792 opens of five containers: {grown} MiB");
        Assert.InRange(grown, 0, 32);
    }

    /// <summary>Whoever may make pid namespaces has as many as he wants, all within his container's.</summary>
    [Fact]
    [Trait("Change", "20-own-buffer")]
    public async Task Open_files_of_namespaces_within_a_container_are_its_own()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", ["open-many", "/proc/cpuinfo", "10", "1000"], "--cap-add", "CAP_SYS_ADMIN");
        Assert.Equal(10_000, TenantContainer.Numbers(await tenant.PrintedAsync())["opened"]);
        const string nested = "{ unshare -p -f unshare -p -f /lxcfs-tenant open-many /proc/cpuinfo 10 1000 2>/dev/null & } | head -n 1";
        Assert.Equal(6_384, TenantContainer.Numbers(await node.RunAsync("nsenter", "-t", $"{tenant.PidInNode}", "-p", "-m", "/bin/sh", "-c", nested))["opened"]);
        var neighbour = await TenantContainer.StartAsync(lxcfs, "neighbour", TenantContainer.Hold);
        Assert.NotEmpty(await neighbour.ExecAsync("cat", "/proc/cpuinfo"));
    }

    [Theory]
    [Trait("Change", "90-bounded-log")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, true)]
    [InlineData(Build.Ours, false)]
    public async Task Whoever_asks_often_fills_the_log(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        // LXCFS does not see a process outside of the node's pid namespace, and says so each time that it asks.
        var file = node.FromOutside($"{lxcfs.MountPoint}/proc/uptime");
        var before = lxcfs.Log.Split('\n').Length;
        var (started, asked) = (System.Diagnostics.Stopwatch.StartNew(), 0);
        for (; asked < 1000; asked++)
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var lines = lxcfs.Log.Split('\n').Length - before;
        Assert.Equal(falls, lines > 20 * (started.Elapsed.TotalSeconds + 2));
    }

    [Theory]
    [Trait("Change", "81-no-reload")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_signal_has_LXCFS_load_its_library_anew(Build build, bool falls)
    {
        const int sigUsr1 = 10;
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        Libc.Signal(lxcfs.Pid, sigUsr1);
        // It is done by the next call that finds nobody else at work; now and then that one gets nothing.
        for (var round = 0; round < 5; round++)
            Assert.True((await tenant.ExecAsync("cat", "/proc/uptime")).Length > 0 || falls);
        Assert.Equal(falls, lxcfs.Log.Contains("Reloaded LXCFS", StringComparison.Ordinal));
        Assert.DoesNotContain("denied system call", lxcfs.Log, StringComparison.Ordinal);
        Assert.True(lxcfs.IsRunning, lxcfs.Log);
    }

    /// <summary>
    /// Where there is a helper, it takes a while before it sends what it is for: otherwise it is a matter of luck on a busy machine
    /// whether the attacker sees it in time.
    /// </summary>
    private static Task<Tracer> SlowHelperAsync(LxcfsContainer lxcfs) => Tracer.DelayingAsync([lxcfs.Pid], "sendmsg", TimeSpan.FromMilliseconds(300));
}
