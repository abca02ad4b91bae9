using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What the containers of a node see that runs the image.</summary>
public sealed class ViewTests
{
    [Fact]
    public async Task Every_kind_of_container_sees_its_own_limits()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        apps.AssertFlawless();

        var busybox = apps.All[0];
        Assert.Contains("MemTotal:         262144 kB\n", await busybox.ExecAsync("cat", "/proc/meminfo"), StringComparison.Ordinal);
        Assert.Single(Lines(await busybox.ExecAsync("cat", "/proc/cpuinfo"), "processor"));
        Assert.Equal(2, Lines(await busybox.ExecAsync("cat", "/proc/stat"), "cpu").Count());
        Assert.Equal("0\n", await busybox.ExecAsync("cat", "/sys/devices/system/cpu/online"));
        Assert.Single(agent.Lxcfs);
    }

    [Fact]
    public async Task Cleanup_leaves_every_container_and_the_node_as_they_were_before()
    {
        await using var node = await Node.StartAsync();
        var before = Mount.Table(node.Pid);
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var without = apps.All
            .Select(app => Mount.Table(app.Pid).Where(mount => !mount.Contains("fuse.lxcfs", StringComparison.Ordinal)).ToArray()).ToArray();

        await agent.AgentAsync("cleanup");

        foreach (var (index, app) in apps.All.Index())
            Assert.Equal(without[index], Mount.Table(app.Pid));
        // What runs on serves nobody, and does not begin again.
        await Eventually.TrueAsync(
            async () => agent.Lxcfs.Count == 0 && (await agent.HealthAsync("ready")).ExitCode == 1,
            () => $"it serves on: {agent.Log}");
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        var meminfo = await apps.All[0].ExecAsync("cat", "/proc/meminfo");
        Assert.DoesNotContain("MemTotal:         262144 kB", meminfo, StringComparison.Ordinal);
        foreach (var app in apps.All)
            await app.KillAsync();
        await agent.StopAsync();
        Assert.Equal(before, Mount.Table(node.Pid));
    }

    private static IEnumerable<string> Lines(string text, string prefix) =>
        text.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal));
}
