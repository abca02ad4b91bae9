using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What an agent finds on a node that somebody else has used, or has crashed on.</summary>
public sealed class LeftoverTests
{
    [Fact]
    public async Task A_dead_mount_of_another_project_is_replaced_and_its_containers_are_repaired()
    {
        await using var node = await Node.StartAsync();
        var sibling = await SiblingLxcfs.StartAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        await sibling.KillAsync();
        Assert.Contains("not connected", (await node.TryAsync("stat", node.Root)).Error, StringComparison.Ordinal);

        var died = ReaderReport.Now;
        await AgentContainer.ReadyAsync(node, "agent");
        await apps.RepairedSinceAsync(died);
    }

    [Fact]
    public async Task A_busy_mount_of_another_project_is_taken_over_while_it_runs_and_stays_so_when_it_stops()
    {
        await using var node = await Node.StartAsync();
        var sibling = await SiblingLxcfs.StartAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        using var busy = node.Start("sh", "-c", $"cd {node.Root}/proc && exec sleep 600");
        await Eventually.TrueAsync(() => Processes.Running(node.Pid, "/usr/bin/sleep").Count == 1, () => "the mount is not busy");

        var agent = await AgentContainer.ReadyAsync(node, "agent");
        await apps.ServedAsync();
        apps.AssertFlawless();

        // It unmounts by path, and the path is the agent's by now.
        await sibling.StopAsync();
        await apps.ServedAsync();
        await agent.BecomesReadyAsync();
    }

    [Fact]
    public async Task Mounts_stacked_by_a_remount_script_are_reduced_to_one()
    {
        await using var node = await Node.StartAsync();
        var sibling = await SiblingLxcfs.StartAsync(node);
        var parent = $"type=bind,src={node.Parent},dst=/var/lib/lxc,options=rbind:rslave";
        var app = await AppContainer.StartAsync(node, AppKind.Busybox, "app", options: ["--mount", parent]);
        for (var again = 0; again < 2; again++)
        {
            foreach (var file in ServedFiles.All)
            {
                var source = $"/var/lib/lxc/lxcfs{file.File.Path}";
                await app.ExecInMountsAsync("mount", "--bind", source, file.Path);
            }

            await sibling.KillAsync();
            await node.RunAsync("umount", "--lazy", node.Root);
            sibling = await SiblingLxcfs.StartAsync(node, $"sibling-{again}");
        }

        Assert.True(app.LxcfsMounts.Count >= 3 * ServedFiles.Count, "the mounts are not stacked");
        await sibling.KillAsync();

        var died = ReaderReport.Now;
        await AgentContainer.ReadyAsync(node, "agent");
        // The parent's own mount, which the script wanted, is no file of LXCFS.
        await Eventually.TrueAsync(
            () => app.LxcfsMounts.Count(mount => mount.Root != "/") == ServedFiles.Count, () => string.Join('\n', app.LxcfsMounts));
        await Eventually.TrueAsync(() => app.Report.Healed > died, () => $"{app.Report}");
    }

    [Fact]
    public async Task Litter_at_the_mount_point_is_removed_and_nothing_else()
    {
        await using var node = await Node.StartAsync();
        foreach (var file in LxcfsFile.All)
            Directory.CreateDirectory(node.Root + file.Path);
        var (neighbour, kept) = (Path.Combine(node.Parent, "web", "config"), Path.Combine(node.Root, "proc", "notes"));
        Directory.CreateDirectory(Path.GetDirectoryName(neighbour)!);
        await File.WriteAllTextAsync(neighbour, "a container of LXC", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(kept, "somebody's", TestContext.Current.CancellationToken);

        var agent = await AgentContainer.ReadyAsync(node, "agent");
        Assert.True(File.Exists(node.FromOutside($"{node.Root}/proc/meminfo")));
        await agent.StopAsync();

        Assert.Equal("a container of LXC", await File.ReadAllTextAsync(neighbour, TestContext.Current.CancellationToken));
        Assert.Equal("somebody's", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken));
        Assert.DoesNotContain(LxcfsFile.All, file => Directory.Exists(node.Root + file.Path));
    }

    [Fact]
    public async Task Two_agents_that_start_during_a_repair_end_with_one_that_serves()
    {
        await using var node = await Node.StartAsync();
        var first = await AgentContainer.ReadyAsync(node, "agent-1");
        var apps = await Apps.StartAsync(node, 8);
        for (var again = 2; again < 5; again++)
        {
            var killed = ReaderReport.Now;
            var start = AgentContainer.StartAsync(node, $"agent-{again}");
            foreach (var pid in first.Lxcfs)
                Libc.Signal(pid, Libc.SigKill);
            var second = await start;
            await second.BecomesReadyAsync();
            await apps.RepairedSinceAsync(killed);
            await first.BecomesReadyAsync();
            await first.StopAsync();
            await apps.RepairedSinceAsync(killed);
            first = second;
        }
    }

    [Fact]
    public async Task Processes_that_take_over_a_freed_pid_are_left_alone()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        // Each takes the id that the last one had, in a mount namespace of its own, while containers are being repaired.
        var churn = node.Start("unshare", "--mount", "sh", "-c", """
            id=30000
            for round in $(seq 300); do
              echo $((id - 1)) >/proc/sys/kernel/ns_last_pid
              unshare --mount --propagation private sh -c '
                test $$ = 30000 && echo same
                sleep 0.02
                grep fuse.lxcfs /proc/self/mountinfo | grep -v " / "' >>"$0"
            done
            """, Path.Combine(node.Folder, "churn"));
        for (var kill = 0; kill < 3; kill++)
        {
            var killed = ReaderReport.Now;
            Libc.Signal(agent.Lxcfs[0], Libc.SigKill);
            await apps.RepairedSinceAsync(killed);
            await agent.BecomesReadyAsync();
        }

        await churn.WaitForExitAsync(TestContext.Current.CancellationToken).WithinAsync(() => "the processes go on");
        churn.Dispose();
        var seen = await File.ReadAllLinesAsync(Path.Combine(node.Folder, "churn"), TestContext.Current.CancellationToken);
        Assert.True(seen.Count(line => line == "same") > 100, "no id was used again");
        Assert.DoesNotContain(seen, line => line != "same");
    }
}
