using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>LXCFS or the agent dies at the worst of moments.</summary>
public sealed class DyingTests
{
    [Fact]
    public async Task Containers_keep_their_files_when_LXCFS_dies_again_and_again_as_soon_as_it_runs()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        await agent.SettlesAsync();
        for (var (kill, pid) = (0, 0); kill < 4; kill++)
        {
            pid = await agent.NextLxcfsAsync(gone: pid);
            // Each in a later phase of its start.
            await Task.Delay(25 * kill, TestContext.Current.CancellationToken);
            Libc.Signal(pid, Libc.SigKill);
        }

        await apps.ServedAsync();
        await agent.BecomesReadyAsync();
    }

    [Fact]
    public async Task Whoever_dies_while_files_are_given_back_loses_none()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "old");
        var apps = await Apps.StartAsync(node, 4);
        await agent.StopAsync();
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));

        // Somebody's mount at ROOT holds the next agent up for as long as it takes to attach to it.
        await node.RunAsync("mount", "-t", "tmpfs", "cover", node.Root);
        agent = await AgentContainer.StartAsync(node, "new");
        await Eventually.TrueAsync(() => agent.Agent != 0, () => "it does not start");
        var killed = agent.Agent;
        await using (await Tracer.KillingAtAsync([killed, .. agent.Workers], "move_mount", time: 2))
        {
            await node.RunAsync("umount", node.Root);
            await Eventually.TrueAsync(() => apps.All.Any(app => app.LxcfsMounts.Count > 0), () => $"it gives nothing back: {agent.Log}");
        }

        await apps.ServedAsync();
    }

    [Fact]
    public async Task A_worker_that_dies_between_two_mounts_loses_no_file_on_a_kernel_before_6_5()
    {
        await using var node = await Node.StartAsync();
        var agent = new AgentContainer(node, "agent") { Options = await Seccomp.WithoutBeneathAsync(node) };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        var apps = await Apps.StartAsync(node, 4);
        await agent.SettlesAsync();
        var workers = agent.Workers.ToList();

        // A thread's first such call asks for what this kernel lacks; before the second, the old mount is gone.
        await using (await Tracer.KillingAtAsync(workers, "move_mount", time: 2))
        {
            agent.KillLxcfs();
            await Eventually.TrueAsync(() => workers.Exists(pid => Processes.Status(pid, "State") is null), () => $"no worker dies: {agent.Log}");
        }

        await apps.ServedAsync();
        await agent.BecomesReadyAsync();
    }

    [Fact]
    public async Task A_container_that_starts_in_the_middle_of_a_scan_is_served_by_the_next()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var late = 0;
        // On a busy machine it starts too late to be one of these: then again.
        await Eventually.TrueAsync(async () => (late = await StartInTheMiddleAsync(agent, apps.All[0])) != 0, () => "none starts in time", TimeSpan.FromMinutes(2));

        await Eventually.TrueAsync(() => Files(late).All(file => file.Device == node.Live!.Device), () => string.Join('\n', Files(late)));
        Assert.Equal(ServedFiles.Count, Files(late).Count());
        await apps.ServedAsync();
    }

    /// <summary>Its process; 0 where the scan's work went on before it had started.</summary>
    private static async Task<int> StartInTheMiddleAsync(AgentContainer agent, AppContainer app)
    {
        var node = agent.Node;
        await agent.SettlesAsync();
        // With this call a worker begins to repair what a scan has found; it may take a second.
        await using var tracer = await Tracer.DelayingAsync(agent.Workers, "open_tree", TimeSpan.FromSeconds(0.9));
        agent.KillLxcfs();
        await tracer.HoldsAsync();
        // What it has found is all that it will repair now. This one copies the mounts of a container, which are stale.
        node.Start("nsenter", "--target", $"{app.PidInNode}", "--mount", "--", "/bin/unshare", "-m", "/bin/sleep", "600").Dispose();
        var late = 0;
        await Eventually.TrueAsync(
            () => (late = Processes.Running(node.Pid, "/bin/busybox").SingleOrDefault(pid => Processes.Status(pid, "Name") == "sleep")) != 0, () => "it does not start");
        if (Files(late).All(file => file.Device != node.Live?.Device))
            return late;
        Processes.End(late);
        await Eventually.TrueAsync(() => Processes.Status(late, "State") is null, () => "it does not end");
        return 0;
    }

    private static IEnumerable<Mount> Files(int pid) => Mount.Of(pid).Where(mount => mount.IsLxcfs);
}
