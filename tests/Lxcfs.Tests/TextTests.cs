using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What programs that read in unusual ways get from LXCFS as Debian packages it, and from ours.</summary>
public sealed class TextTests
{
    [Theory]
    [Trait("Change", "20-own-buffer")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, true)]
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
    [Trait("Change", "20-own-buffer")]
    [Trait("Change", "62-nothing-below-zero")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task Threads_that_read_one_descriptor_while_sizes_change_get_numbers_below_zero(Build build, bool falls)
    {
        Assert.SkipWhen(Node.IsCgroup2, "sizes are changed on cgroup v1");
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        // What it has read makes up what it uses, so that a smaller limit is granted, and what was used before is more than it.
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", ["cache-loop", "/cached", "64"]);
        await tenant.PrintedAsync();
        var (reads, bad, huge, failed) = (0d, 0d, 0d, 0d);
        foreach (var file in (string[])["/proc/meminfo", "/proc/stat", "/proc/cpuinfo", "/proc/swaps", "/sys/devices/system/cpu/online"])
        {
            await using var resizing = new Resizing($"/{node.Name}/{tenant.Id}", 256, 24);
            var found = TenantContainer.Numbers(await tenant.TenantAsync("pread-storm", file, "32", "4"));
            (reads, bad, huge, failed) = (reads + found["reads"], bad + found["bad"], huge + found["huge"], failed + found["failed"]);
        }

        Measured.Print($"32 threads on one descriptor while sizes change, {build}: {reads} reads, {bad} with a NUL, {huge} below zero, {failed} failed");
        Assert.True(reads > 1000, $"{reads} reads");
        Assert.Equal((falls, falls), (bad > 0, huge > 0));
        if (!falls)
            Assert.Equal(0, failed);
        Assert.True(lxcfs.IsRunning, lxcfs.Log);
    }

    [Theory]
    [Trait("Change", "20-own-buffer")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, false)]
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
    [Trait("Change", "40-name-of-the-first-process")]
    [InlineData(Build.Packaged, "a b", true)]
    [InlineData(Build.Packaged, "a) R (b) 1 2", true)]
    [InlineData(Build.Packaged, ") 1 2\n3 4 (5", true)]
    [InlineData(Build.Packaged, ")))(((  )", true)]
    [InlineData(Build.Seven, "a b", true)]
    [InlineData(Build.Seven, ") 1 2\n3 4 (5", true)]
    [InlineData(Build.Ours, "a b", false)]
    [InlineData(Build.Ours, "a) R (b) 1 2", false)]
    [InlineData(Build.Ours, ") 1 2\n3 4 (5", false)]
    [InlineData(Build.Ours, ")))(((  )", false)]
    [InlineData(Build.Ours, "\n\n", false)]
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
    [Trait("Change", "20-own-buffer")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Seven, false)]
    [InlineData(Build.Ours, false)]
    public async Task A_text_that_has_grown_since_its_file_was_opened_is_cut(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        // What LXCFS takes for the node's. A line of it is as long as there are interrupts.
        var file = Path.Combine(node.Folder, "stat");
        var text = await File.ReadAllTextAsync("/proc/stat", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var lxcfs = await LxcfsContainer.StartWithAsync(node, build, [], ["--mount", $"type=bind,src={file},dst=/proc/stat,options=rbind:ro"]);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", ["read-later", "/proc/stat"]);
        Assert.Equal("opened=1\n", await tenant.PrintedAsync());
        var added = string.Concat(Enumerable.Repeat(" 0", 2000));
        await File.WriteAllTextAsync(file, text.Replace("\nctxt ", $"{added}\nctxt ", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Libc.Signal(tenant.Pid, Libc.SigCont);
        await Eventually.TrueAsync(() => tenant.Log.EndsWith("read=1\n", StringComparison.Ordinal), () => $"it has not read: {tenant.Log}");
        Assert.Equal(falls, !(tenant.Log.Contains(added, StringComparison.Ordinal) && tenant.Log.Contains("\nsoftirq ", StringComparison.Ordinal)));
    }

    /// <summary>The packaged one looks how long it is when it is opened; ours takes the longest yet for a measure.</summary>
    [Fact]
    [Trait("Change", "20-own-buffer")]
    public async Task A_text_far_longer_than_all_before_it_is_whole()
    {
        await using var node = await Node.StartAsync();
        // As a container of many processors is, after those of one.
        var file = Path.Combine(node.Folder, "stat");
        var text = await File.ReadAllTextAsync("/proc/stat", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var lxcfs = await LxcfsContainer.StartWithAsync(node, Build.Ours, [], ["--mount", $"type=bind,src={file},dst=/proc/stat,options=rbind:ro"]);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        Assert.Contains("\nsoftirq ", await tenant.ExecAsync("cat", "/proc/stat"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            file, text.Replace("\nctxt ", $"{string.Concat(Enumerable.Repeat(" 0", 100_000))}\nctxt ", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var longer = await tenant.ExecAsync("cat", "/proc/stat");
        Assert.InRange(longer.Length, 200_000, int.MaxValue);
        Assert.Contains("\nsoftirq ", longer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Change", "20-own-buffer")]
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
    }

    [Theory]
    [Trait("Change", "50-interrupted-reads")]
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
}
