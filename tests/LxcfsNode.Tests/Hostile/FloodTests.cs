using System.Diagnostics;
using System.Net.Sockets;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>Much of what one tenant may have much of: everybody else is served as before, and the agent stays small.</summary>
[Trait("Beside", "Nothing")]
public sealed class FloodTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>With a user namespace anybody may have them.</summary>
    [Theory]
    [InlineData(20_000, 0)]
    [InlineData(50_000, 0)]
    [InlineData(0, 5_900)]
    public async Task Mounts_and_namespaces_of_a_tenant_s_own_user_namespace_are_not_looked_at(int mounts, int copies)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        var tenant = await new Tenant(node, "tenant").StartAsync(
            [.. Tenant.AllFiles(node), "--memory-limit", $"{2L << 30}"],
            "/attacks/as-user", "1000", "/attacks/mount-flood", "user", $"{mounts}", $"{copies}", "/proc/meminfo");
        await Eventually.TrueAsync(
            () => tenant.Log.Contains("flooded", StringComparison.Ordinal), () => $"it makes no flood: {tenant.Log}", TimeSpan.FromMinutes(2));

        await SurvivesAsync(agent, apps);

        Assert.Contains($"{mounts} mounts, {copies} copies", tenant.Log, StringComparison.Ordinal);
        Assert.True((await agent.MetricsAsync())["lxcfs_agent_foreign_namespaces"] >= copies + 1);
    }

    /// <summary>The kernel changes no mount of the node while it copies thousands: each step of a repair waits for that, and a runtime's as well.</summary>
    [Fact]
    public async Task Mounts_that_a_tenant_copies_again_and_again_slow_a_repair_down_and_no_container_is_blamed_for_it()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 12);
        await apps.ServedAsync();
        await agent.SettlesAsync();
        var tenant = await new Tenant(node, "tenant").StartAsync(
            [.. Tenant.AllFiles(node), "--memory-limit", $"{4L << 30}"], "/attacks/as-user", "1000", "/attacks/mount-churn", "50000", "30", "/proc/meminfo");
        await Eventually.TrueAsync(
            () => tenant.Log.Contains("churns", StringComparison.Ordinal), () => $"it makes no flood: {tenant.Log}", TimeSpan.FromMinutes(2));

        var began = Stopwatch.StartNew();
        agent.KillLxcfs();
        await Eventually.TrueAsync(
            () => apps.All.All(app => Apps.WhyUnserved(app) is null), () => $"not every container is served beside it: {agent.Log}", TimeSpan.FromMinutes(2));
        Measured.Print($"all of {apps.All.Count} containers repaired beside it within {began.Elapsed.TotalSeconds:0.0} s");

        await tenant.KillAsync();
        await apps.ServedAsync();
        await agent.BecomesReadyAsync();
        Assert.Equal(0, (await agent.MetricsAsync())["lxcfs_agent_repair_faults_total"]);
    }

    /// <summary>As a broken program of the node's own has them.</summary>
    [Theory]
    [InlineData(20_000)]
    [InlineData(50_000)]
    public async Task Mounts_in_a_namespace_of_the_node_s_are_read_in_linear_time_up_to_a_bound(int mounts)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        var flood = await new Tenant(node, "flood").StartAsync(
            [.. Tenant.AllFiles(node), "--cap-add", "CAP_SYS_ADMIN", "--memory-limit", $"{1L << 30}"],
            "/attacks/mount-flood", "root", $"{mounts}", "0", "/proc/meminfo");
        await Eventually.TrueAsync(
            () => flood.Log.Contains("flooded", StringComparison.Ordinal), () => $"it makes no flood: {flood.Log}", TimeSpan.FromMinutes(2));

        await SurvivesAsync(agent, apps);
    }

    [Fact]
    public async Task Four_hundred_containers_are_served_where_the_soft_limit_of_open_files_is_1024()
    {
        const int count = 400;
        await using var node = await Node.StartAsync();
        var agent = new AgentContainer(node, "agent") { Memory = 128, Options = await OpenFiles.AsOfSystemdAsync(node) };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        await using var namespaces = await Namespaces.StartAsync(node, count, processes: 1);
        await agent.SettlesAsync();

        agent.KillLxcfs();

        await Eventually.TrueAsync(
            async () => (await namespaces.ReadAsync()).Bad == 0, () => $"not every container is served: {agent.Log}");
        await agent.BecomesReadyAsync();
        var metrics = await agent.MetricsAsync();
        Assert.Equal(count, metrics["lxcfs_agent_containers"]);
        Assert.Equal(0, metrics["lxcfs_agent_repair_faults_total"]);
    }

    /// <summary>Each pod of the cluster may connect, where no policy of the network forbids it.</summary>
    [Fact]
    public async Task Idle_connections_end_no_agent_and_do_not_hide_its_metrics_for_long()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        List<Socket> idle = [];
        try
        {
            for (var connection = 0; connection < 100; connection++)
                idle.Add(await agent.Port.ConnectAsync(TestContext.Current.CancellationToken));

            foreach (var what in (string[])["live", "ready"])
                Assert.Equal(0, (await agent.HealthAsync(what)).ExitCode);
            await Eventually.TrueAsync(async () => await agent.Port.AskAsync("/metrics") is not null, () => "it tells no metrics any more");
            Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Each open file of LXCFS costs LXCFS memory, whoever has it open: LXCFS gives a pid namespace so many and no more.</summary>
    [Fact]
    public async Task Open_files_of_a_tenant_are_bounded_and_end_nothing()
    {
        const int processes = 64, each = 1000;
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        var (first, decides, lxcfs) = (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs));
        var tenant = await new Tenant(node, "tenant").StartAsync(
            Tenant.AllFiles(node), "/attacks/open-files", $"{processes}", $"{each}", "/proc/stat");
        await Eventually.TrueAsync(
            () => tenant.Log.Split("opened").Length > processes, () => $"it opens too little: {tenant.Log}", TimeSpan.FromMinutes(2));

        await tenant.KillAsync();
        await apps.ServedAsync();
        await agent.BecomesReadyAsync();

        Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
        Assert.True(agent.IsRunning);
        Assert.Equal((first, decides), (agent.Pid, agent.Agent));
        apps.AssertRepairedWithin(Longest);
    }

    private static async Task SurvivesAsync(AgentContainer agent, Apps apps)
    {
        var (first, decides) = (agent.Pid, agent.Agent);
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await apps.ServedAsync();
        await agent.BecomesReadyAsync();

        var metrics = await agent.MetricsAsync();
        Measured.Print($"scans beside it: {metrics["lxcfs_agent_scan_seconds_sum"] / metrics["lxcfs_agent_scan_seconds_count"] * 1000:0} ms on average");
        int[] processes = [agent.Agent, .. agent.Workers];
        var together = Processes.ProportionalKilobytes(processes);
        Measured.Print($"the memory of the agent and its workers now: {together / 1024} MiB together; of each at most: {string.Join(", ", processes.Select(pid => Processes.Kilobytes(pid, "VmHWM") / 1024))} MiB");
        Assert.Equal(apps.All.Sum(app => app.LxcfsMounts.Count), apps.All.Count * ServedFiles.Count);
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        Assert.True(agent.IsRunning);
        Assert.Equal((first, decides), (agent.Pid, agent.Agent));
        Assert.InRange(together, 1, 64 << 10);
        apps.AssertRepairedWithin(Longest);
    }
}
