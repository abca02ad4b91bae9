using System.Text;
using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>
/// What a tenant can do to LXCFS as Debian packages it, and can't do to ours. Each test runs against both: that the packaged one
/// falls shows that the attack is one.
/// </summary>
public sealed class HoleTests
{
    private const string Online = "/sys/devices/system/cpu/online";

    [Theory]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_that_may_trace_sees_the_node_through_a_helper_of_LXCFS(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        await using var slow = await SlowHelperAsync(lxcfs);
        // A path of LXCFS's own container, which the tenant's has not.
        var secret = build is Build.Ours ? "/opt/lxcfs/lxcfs" : "/builds/packaged/lxcfs";
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
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_s_root_that_stops_all_its_processes_stops_LXCFS(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        await using var slow = await SlowHelperAsync(lxcfs);
        var neighbour = await TenantContainer.StartAsync(lxcfs, "neighbour", TenantContainer.Hold);
        var attacker = await TenantContainer.StartAsync(lxcfs, "attacker", ["stop-all", "/proc/uptime", "40"]);
        await attacker.PrintedAsync();
        var answered = 0;
        for (var round = 0; round < 20 && answered == round; round++)
        {
            // From inside, so that the node's own namespace is not the one that is looked for.
            string[] read = ["nsenter", "-t", $"{neighbour.PidInNode}", "-p", "-m", "/bin/cat", "/proc/uptime"];
            var reading = node.TryAsync(["timeout", "-k", "1", "5", .. read]);
            if (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken)) == reading && (await reading).ExitCode == 0)
                answered++;
        }

        if (falls)
            Assert.True(answered < 20, "the neighbour was answered each time");
        else
            Assert.Equal(20, answered);
    }

    [Theory]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task Threads_that_read_one_descriptor_get_each_other_s_buffers(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        var (reads, bad, failed) = (0d, 0d, 0d);
        foreach (var file in (string[])["meminfo", "stat", "cpuinfo", "swaps"])
        {
            var found = TenantContainer.Numbers(await tenant.TenantAsync("pread-storm", $"/proc/{file}", "32", "2"));
            (reads, bad, failed) = (reads + found["reads"], bad + found["bad"], failed + found["failed"]);
        }

        Assert.True(reads > 1000, $"{reads} reads");
        Assert.Equal(falls, bad > 0);
        if (!falls)
            Assert.Equal(0, failed);
        Assert.True(lxcfs.IsRunning, lxcfs.Log);
    }

    [Theory]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_s_sendfile_gets_the_length_of_another_s_file(Build build, bool falls)
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two processors");
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        await TenantContainer.StartAsync(lxcfs, "one", ["stat-loop", Online]);
        var two = await TenantContainer.StartAsync(lxcfs, "two", TenantContainer.Hold, "--cpu-quota", "200000");

        var found = TenantContainer.Numbers(await two.TenantAsync("send-file", Online, "200", "0-1\n"));
        Assert.Equal(falls, found["wrong"] > 0);
        if (!falls)
            Assert.Equal(200, found["refused"]);
        // busybox sends its files with sendfile where it can.
        var printed = await two.ExecAsync("sh", "-c", $"for round in $(seq 100); do cat {Online}; usleep 2000; done");
        Assert.Equal(falls, printed != string.Concat(Enumerable.Repeat("0-1\n", 100)));
    }

    [Fact]
    public async Task A_mapping_of_a_file_shows_nothing()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        Assert.Equal("mapped=SIGBUS\n", await tenant.TenantAsync("map", "/proc/meminfo"));
        Assert.Contains("MemTotal:         262144 kB\n", await tenant.ExecAsync("cat", "/proc/meminfo"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Build.Packaged, "a b", true)]
    [InlineData(Build.Packaged, "a) R (b) 1 2", true)]
    [InlineData(Build.Ours, "a b", false)]
    [InlineData(Build.Ours, "a) R (b) 1 2", false)]
    [InlineData(Build.Ours, ") 1 2\n3 4 (5", false)]
    [InlineData(Build.Ours, ")))(((  )", false)]
    [InlineData(Build.Ours, "", false)]
    public async Task The_name_of_a_first_process_makes_its_uptime(Build build, string name, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", ["run-named", name, "/proc/uptime"]);
        var uptime = double.Parse((await tenant.PrintedAsync()).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(falls, uptime is < 0 or > 60);
    }

    [Theory]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_second_read_of_one_descriptor_is_cut(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        var found = TenantContainer.Numbers(await tenant.TenantAsync("read-twice", "/proc/swaps"));
        Assert.Equal((falls ? 1 : 0, falls ? 0 : 1), (found["nul"], found["same"]));
    }

    [Theory]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_read_that_a_signal_interrupts_is_empty(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        var found = TenantContainer.Numbers(await tenant.TenantAsync("interrupt", "/proc/stat", "4"));
        Assert.True(found["reads"] > 100, $"{found["reads"]} reads");
        Assert.Equal(0, found["failed"]);
        Assert.Equal(falls, found["empty"] > 0);
    }

    [Theory]
    [InlineData(Build.Packaged, true)]
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

    [Theory]
    [InlineData(Build.Packaged, true)]
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

    [Fact]
    public async Task A_text_that_is_read_in_pieces_is_one_text()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        var whole = await tenant.ExecAsync("cat", "/proc/cpuinfo");
        Assert.Equal(whole, await tenant.ExecAsync("dd", "if=/proc/cpuinfo", "bs=7", "status=none"));
        // Behind the end there is nothing, and in the middle what is there.
        Assert.Equal("", await tenant.ExecAsync("dd", "if=/proc/cpuinfo", "bs=1", "skip=1000000", "status=none"));
        Assert.Equal(whole[100..110], await tenant.ExecAsync("dd", "if=/proc/cpuinfo", "bs=10", "skip=10", "count=1", "status=none"));
        Assert.Equal(4096, int.Parse(await tenant.ExecAsync("stat", "-c", "%s", Online), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Encoding.UTF8.GetByteCount(whole), whole.Length);
    }

    /// <summary>
    /// Where there is a helper, it takes a while before it sends what it is for: otherwise it is a matter of luck on a busy machine
    /// whether the attacker sees it in time.
    /// </summary>
    private static Task<Tracer> SlowHelperAsync(LxcfsContainer lxcfs) => Tracer.DelayingAsync([lxcfs.Pid], "sendmsg", TimeSpan.FromMilliseconds(300));
}
