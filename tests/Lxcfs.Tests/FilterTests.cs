using System.Diagnostics;
using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What LXCFS may do once it serves.</summary>
public sealed class FilterTests
{
    /// <summary>CAP_DAC_READ_SEARCH (2), CAP_SYS_CHROOT (18), CAP_SYS_PTRACE (19), CAP_SYS_ADMIN (21): linux/capability.h.</summary>
    private const string Starting = "00000000002c0004", Reading = "0000000000080004";

    [Fact]
    [Trait("Change", "80-less-power")]
    public async Task Every_thread_has_what_reading_needs_and_the_first_what_ending_needs()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        await tenant.TenantAsync("pread-storm", "/proc/stat", "32", "0.5");
        var threads = Processes.Threads(lxcfs.Pid).ToArray();
        Assert.True(threads.Length > 3, $"{threads.Length} threads");
        // One that has not served yet gives up what it began with when it does.
        await Eventually.TrueAsync(
            async () =>
            {
                await tenant.TenantAsync("pread-storm", "/proc/stat", "32", "0.2");
                return threads.All(thread => thread == lxcfs.Pid || Processes.Status(thread, "CapEff") is Reading or null);
            },
            () => "a thread keeps what it needs no more");
        foreach (var thread in threads.Where(thread => Directory.Exists($"/proc/{thread}")))
        {
            var wanted = thread == lxcfs.Pid ? Starting : Reading;
            Assert.Equal((wanted, wanted, new string('0', 16), "1", "2"), (
                Processes.Status(thread, "CapPrm"), Processes.Status(thread, "CapEff"), Processes.Status(thread, "CapInh"),
                Processes.Status(thread, "NoNewPrivs"), Processes.Status(thread, "Seccomp")));
            Assert.Equal(new string('0', 16), Processes.Status(thread, "CapBnd"));
        }
    }

    [Fact]
    public async Task It_makes_the_system_calls_of_its_list_and_no_others()
    {
        await using var node = await Node.StartAsync();
        // Of two heaps, as on a node of one processor, threads use the first one's too.
        var (stat, names) = (Path.Combine(node.Folder, "stat"), Path.Combine(node.Folder, "calls"));
        await File.WriteAllTextAsync(stat, (await File.ReadAllTextAsync("/proc/stat", TestContext.Current.CancellationToken))
            .Replace("\nctxt ", $"{string.Concat(Enumerable.Repeat($"\nmore{string.Concat(Enumerable.Repeat(" 0", 25_000))}", 5))}\nctxt ", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var lxcfs = await LxcfsContainer.StartWithAsync(
            node, Build.Ours, [], ["--mount", $"type=bind,src={stat},dst=/proc/stat,options=rbind:ro"], ("MALLOC_ARENA_MAX", "2"));
        // Each name once, as soon as the call begins: some never return.
        var first = $"|awk '$2 ~ /^[a-z0-9_]+\\(/ {{ sub(/\\(.*/, \"\", $2); if (!seen[$2]++) print $2 }}' >{names}";
        using var strace = Process.Start("strace", ["-f", "-qq", "-s", "0", "-o", first, "-p", $"{lxcfs.Pid}"]);
        await Eventually.TrueAsync(() => Processes.Threads(lxcfs.Pid).All(thread => Processes.Status(thread, "TracerPid") == $"{strace.Id}"), () => "strace does not attach");

        // A text of more than 128 KiB is cut to what it needs by the kernel, if it is the first: afterwards that counts as small.
        var holder = await TenantContainer.StartInAsync([lxcfs], "holder", $"/{node.Name}/holder", TenantContainer.Hold);
        await holder.ExecAsync("dd", "if=/lxcfs-ours/proc/stat", "of=/dev/null", "bs=4096", "count=1");
        // More than ten at once make new threads; with an exec, signals, and load averages, which are counted every five seconds.
        var tenants = await Task.WhenAll(Enumerable.Range(0, 4).Select(index =>
            TenantContainer.StartInAsync([lxcfs], $"tenant-{index}", $"/{node.Name}/tenant-{index}", ["fuzz", "/lxcfs-ours", "7", $"{index}"])));
        foreach (var tenant in tenants)
            await tenant.PrintedAsync();
        await holder.ExecAsync("ls", "-lR", "/lxcfs-ours/sys/devices/system/cpu");
        Libc.Signal(lxcfs.Pid, Libc.SigStop);
        Libc.Signal(lxcfs.Pid, Libc.SigCont);
        await holder.ExecAsync("cat", "/lxcfs-ours/proc/stat");
        await holder.KillAsync();
        // A control group that is gone leaves the tables.
        await Task.Delay(TimeSpan.FromSeconds(11), TestContext.Current.CancellationToken);
        var last = await TenantContainer.StartInAsync([lxcfs], "last", $"/{node.Name}/last", TenantContainer.Hold);
        await last.ExecAsync("cat", "/lxcfs-ours/proc/stat", "/lxcfs-ours/proc/loadavg");
        await last.KillAsync();
        Libc.Signal(lxcfs.Pid, Libc.SigTerm);
        await strace.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain("denied system call", lxcfs.Log, StringComparison.Ordinal);
        var made = File.ReadLines(names).ToHashSet();
        var known = FilterList.Read();
        Assert.Equal("", string.Join(' ', made.Except(known.Keys).Order(StringComparer.Ordinal)));
        Assert.Equal("", string.Join(' ', known.Where(call => call.Value && !made.Contains(call.Key)).Select(call => call.Key)));
    }

    [Theory]
    [Trait("Change", "80-less-power")]
    [InlineData("", false)]
    [InlineData("off", true)]
    [InlineData("log", true)]
    public async Task A_call_that_serving_does_not_need_fails_by_name_and_ends_nothing(string filter, bool works)
    {
        Assert.SkipWhen(Node.IsCgroup2, "control groups are served on cgroup v1 only");
        await using var node = await Node.StartAsync();
        // Not how it runs on a node: to make a control group is something that reading does not need.
        var lxcfs = await LxcfsContainer.StartWithAsync(node, Build.Ours, ["--enable-cgroup"], [], ("LXCFS_FILTER", filter));
        var (home, made) = ($"/sys/fs/cgroup/memory/{node.Name}/lxcfs-ours", $"{lxcfs.MountPoint}/cgroup/memory/{node.Name}/lxcfs-ours/made");
        for (var round = 0; round < 20; round++)
        {
            // Only in its own group a process may make another.
            var result = await node.TryAsync("sh", "-c", $"echo $$ >{home}/cgroup.procs && mkdir {made}");
            Assert.Equal((round, works && round == 0), (round, result.ExitCode == 0));
        }

        Assert.Equal(works, Directory.Exists($"{home}/made"));
        var lines = lxcfs.Log.Split('\n').Count(line => line.StartsWith("denied system call mkdirat (", StringComparison.Ordinal));
        // One a second.
        Assert.InRange(lines, works ? 0 : 1, works ? 0 : 19);
        Assert.NotEmpty(await File.ReadAllTextAsync(node.FromOutside($"{lxcfs.MountPoint}/proc/uptime"), TestContext.Current.CancellationToken));
    }
}
