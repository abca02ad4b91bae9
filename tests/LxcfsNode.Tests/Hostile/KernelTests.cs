using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>Kernels that lack a system call of a later one.</summary>
public sealed class KernelTests
{
    /// <summary>Without what Linux 5.12 brought, what 6.5 did, and both.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Containers_are_served_read_only_and_repaired_on_a_kernel_from_5_3_on(bool knowsAttributes, bool knowsBeneath)
    {
        await using var node = await Node.StartAsync();
        string[] without = knowsAttributes ? [] : ["mount_setattr"];
        var options = knowsBeneath ? await Seccomp.WithoutAsync(node, without) : await Seccomp.WithoutBeneathAsync(node, without);
        var agent = await StartAsync(node, "agent", options);
        await agent.BecomesReadyAsync();
        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        var other = apps.All.Select(app => Mount.Table(app.Pid).Where(mount => !mount.Contains("fuse.lxcfs", StringComparison.Ordinal)).ToArray()).ToArray();

        for (var kill = 0; kill < 2; kill++)
        {
            await agent.SettlesAsync();
            agent.KillLxcfs();
            await agent.BecomesReadyAsync();
            await apps.ServedAsync();
        }

        var next = await StartAsync(node, "next", options);
        await next.BecomesReadyAsync();
        await agent.StopAsync();
        await apps.ServedAsync();
        foreach (var (index, app) in apps.All.Index())
        {
            Assert.All(app.LxcfsMounts, mount => Assert.Equal(["nodev", "noexec", "nosuid", "ro"], Flags(mount)));
            Assert.Equal(other[index], Mount.Table(app.Pid).Where(mount => !mount.Contains("fuse.lxcfs", StringComparison.Ordinal)));
        }

        await next.AgentAsync("cleanup");
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
        Assert.Equal(0, (await next.MetricsAsync())["lxcfs_agent_repair_faults_total"]);
    }

    [Theory]
    [InlineData("open_tree")]
    [InlineData("move_mount")]
    public async Task On_an_older_kernel_it_says_what_is_missing_and_starts_no_LXCFS(string call)
    {
        await using var node = await Node.StartAsync();
        var before = Mount.Table(node.Pid);
        var agent = await StartAsync(node, "agent", await Seccomp.WithoutAsync(node, call, "mount_setattr"));
        var answer = "";
        await Eventually.TrueAsync(async () => (answer = (await agent.HealthAsync("ready")).Output).Contains("5.2", StringComparison.Ordinal), () => answer);

        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await agent.HealthAsync("ready")).ExitCode);
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        Assert.True(agent.IsRunning);
        Assert.Empty(agent.Lxcfs);
        Assert.Single(agent.Log.Split('\n'), line => line.Contains("5.2", StringComparison.Ordinal) && line.Contains(call, StringComparison.Ordinal));
        Assert.Contains("This agent is now Unsupported", agent.Log, StringComparison.Ordinal);
        Assert.Equal(0, (await agent.MetricsAsync())["lxcfs_agent_lxcfs_restarts_total"]);
        Assert.DoesNotContain(Mount.Of(node.Pid), mount => mount.IsLxcfs);
        await agent.StopAsync();
        Assert.Equal(before, Mount.Table(node.Pid));
    }

    private static async Task<AgentContainer> StartAsync(Node node, string id, string[] options)
    {
        var agent = new AgentContainer(node, id) { Options = options };
        await agent.StartAsync();
        return agent;
    }

    private static IEnumerable<string> Flags(Mount mount) =>
        mount.Options.Split(',').Where(flag => flag is "ro" or "nosuid" or "nodev" or "noexec").Order(StringComparer.Ordinal);
}
