using System.Globalization;
using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>How LXCFS finds the first process of a reader's pid namespace where the kernel does not tell it: before Linux 6.11.</summary>
public sealed class FirstProcessTests
{
    [Theory]
    [Trait("Change", "10-first-process")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task An_older_kernel_needs_a_helper(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build, LookUps.Unfiltered);
        await using var lookUps = await LookUps.OnAnOlderKernelAsync(lxcfs);
        var first = await TenantContainer.StartAsync(lxcfs, "first", ["run-named", "first", "/proc/uptime"]);
        Assert.InRange(Seconds(await first.PrintedAsync()), 0, 30);
        // Who came by an exec has no ancestor in the namespace: all processes are looked at.
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.InRange(Seconds(await tenant.ExecAsync("cat", "/proc/uptime")), 1.9, 30);
        Assert.Contains("MemTotal:         262144 kB\n", await tenant.ExecAsync("cat", "/proc/meminfo"), StringComparison.Ordinal);
        var (helpers, refused, walks) = await lookUps.EndAsync();
        Assert.Equal((falls, !falls, !falls), (helpers > 0, refused > 0, walks > 0));
    }

    /// <summary>Its ancestors are those of its process, whose first thread it is not.</summary>
    [Fact]
    [Trait("Change", "10-first-process")]
    public async Task A_thread_of_a_first_process_costs_no_walk_through_all_processes()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours, LookUps.Unfiltered);
        await using var lookUps = await LookUps.OnAnOlderKernelAsync(lxcfs);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", ["read-in-thread", "/proc/uptime"]);
        Assert.InRange(Seconds(await tenant.PrintedAsync()), 0, 30);
        var (_, refused, walks) = await lookUps.EndAsync();
        Assert.Equal((true, 0), (refused > 0, walks));
    }

    /// <summary>Without the change an entry is forgotten when it was not used for ten seconds, at the next read of anybody's.</summary>
    [Fact]
    [Trait("Change", "11-first-process-kept")]
    public async Task A_container_that_reads_seldom_is_not_looked_for_each_time()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours, LookUps.Unfiltered);
        var seldom = await TenantContainer.StartAsync(lxcfs, "seldom", TenantContainer.Hold);
        var another = await TenantContainer.StartAsync(lxcfs, "another", TenantContainer.Hold);
        await seldom.ExecAsync("cat", "/proc/uptime");
        await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
        await another.ExecAsync("cat", "/proc/uptime");
        await using var lookUps = await LookUps.OnAnOlderKernelAsync(lxcfs);
        await seldom.ExecAsync("cat", "/proc/uptime");
        Assert.Equal((0, 0, 0), await lookUps.EndAsync());
    }

    private static double Seconds(string uptime) => double.Parse(uptime.Split(' ')[0], CultureInfo.InvariantCulture);
}
