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
    [InlineData(Build.Seven, "a b", true)]
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
