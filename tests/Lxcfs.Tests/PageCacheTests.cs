using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What the kernel keeps of a file is shared by all containers that read it, and their texts differ.</summary>
public sealed class PageCacheTests
{
    private const string Online = "/sys/devices/system/cpu/online";

    [Theory]
    [Trait("Change", "30-no-page-cache")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_s_sendfile_gets_the_length_of_another_s_file(Build build, bool falls)
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two processors");
        await using var node = await Node.StartAsync();
        var two = await StartTwoBesideOneAsync(node, build);

        var found = TenantContainer.Numbers(await two.TenantAsync("send-file", Online, "200", "0-1\n"));
        Assert.Equal(falls, found["wrong"] > 0);
        if (!falls)
            Assert.Equal(200, found["refused"]);
        // busybox sends its files with sendfile where it can.
        var printed = await two.ExecAsync("sh", "-c", $"for round in $(seq 100); do cat {Online}; usleep 2000; done");
        Assert.Equal(falls, printed != string.Concat(Enumerable.Repeat("0-1\n", 100)));
    }

    [Fact]
    [Trait("Change", "30-no-page-cache")]
    public async Task A_mapping_of_a_file_shows_nothing()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        Assert.Equal("mapped=SIGBUS\n", await tenant.TenantAsync("map", "/proc/meminfo"));
        Assert.Contains("MemTotal:         262144 kB\n", await tenant.ExecAsync("cat", "/proc/meminfo"), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Change", "31-one-size")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_container_that_trusts_the_size_gets_the_length_of_another_s_file(Build build, bool falls)
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two processors");
        await using var node = await Node.StartAsync();
        var two = await StartTwoBesideOneAsync(node, build);
        var found = TenantContainer.Numbers(await two.TenantAsync("read-by-size", Online, "300", "0-1\n"));
        Assert.Equal(falls, found["wrong"] > 0);
        Assert.Equal(300, found["right"] + found["wrong"]);
    }

    [Theory]
    [Trait("Change", "31-one-size")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task Who_asks_for_the_size_unseen_empties_the_file_for_all(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        // LXCFS does not see a process outside of the node's pid namespace. What it says is kept for half a second.
        var file = new FileInfo(node.FromOutside($"{lxcfs.MountPoint}/proc/uptime"));
        var reading = tenant.ExecAsync("sh", "-c", "for round in $(seq 100); do cat /proc/uptime | wc -l; usleep 10000; done");
        while (!reading.IsCompleted)
        {
            file.Refresh();
            Assert.True(file.Length > 0 || falls);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        Assert.Equal(falls, (await reading).Contains('0', StringComparison.Ordinal));
    }

    /// <summary>A container of two processors, beside one of one that asks for the file's size all the time.</summary>
    private static async Task<TenantContainer> StartTwoBesideOneAsync(Node node, Build build)
    {
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        await TenantContainer.StartAsync(lxcfs, "one", ["stat-loop", Online]);
        return await TenantContainer.StartAsync(lxcfs, "two", TenantContainer.Hold, "--cpu-quota", "200000");
    }
}
