using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>A new pod takes over from an old one, as a DaemonSet with maxSurge 1 and maxUnavailable 0 does it.</summary>
[Trait("Beside", "Nothing")]
public sealed class UpgradeTests
{
    [Fact]
    public async Task Ten_upgrades_in_a_row_cost_no_read_and_no_start()
    {
        const int count = 30, upgrades = 10;
        await using var node = await Node.StartAsync();
        var current = await AgentContainer.ReadyAsync(node, "agent-0");
        var apps = await Apps.StartAsync(node, count);
        await using var starts = new Starts(node, containers: true);
        List<TimeSpan> times = [];
        for (var upgrade = 1; upgrade <= upgrades; upgrade++)
        {
            var began = ReaderReport.Now;
            var next = await AgentContainer.ReadyAsync(node, $"agent-{upgrade}");
            // Every other time the kubelet restarts the old container, which must not take anything back.
            if (upgrade % 2 == 0)
            {
                await current.KillAsync();
                await current.StartAsync();
                await current.BecomesReadyAsync();
            }

            await current.StopAsync();
            await apps.ServedAsync();
            times.Add(ReaderReport.Now - began);
            Assert.False(current.IsRunning);
            current = next;
        }

        Measured.Print($"upgrade with {count} containers reading, from the start of the new container to the end of the old one", times);
        apps.AssertFlawless();
        await starts.AssertNeverRefusedAsync();
        Assert.Single(current.Lxcfs);
    }

    [Fact]
    public async Task Who_has_opened_a_file_before_an_upgrade_can_read_it()
    {
        await using var node = await Node.StartAsync();
        var old = await AgentContainer.ReadyAsync(node, "old");
        var app = await AppContainer.StartAsync(node, AppKind.Busybox, "app");

        var reading = app.ReadSlowlyAsync();
        await AgentContainer.ReadyAsync(node, "new");
        await old.KillAsync();
        Assert.False(reading.IsCompleted);
        app.HasReadEnough();

        await reading;
    }

    [Fact]
    public async Task A_container_that_has_found_its_file_before_an_upgrade_and_mounts_it_after_it_starts_and_is_served()
    {
        await using var node = await Node.StartAsync();
        var old = await AgentContainer.ReadyAsync(node, "old");
        // As a runtime does it: a namespace of its own, which the node's mounts propagate to, and a file that is looked for there.
        var (found, failed) = ($"{node.Folder}/found", $"{node.Folder}/failed");
        const string target = "/proc/meminfo";
        node.Start("unshare", "--mount", "--propagation", "slave", "sh", "-c",
            $"cd {node.Root}/proc && touch {found} && sleep 1 && mount --bind meminfo {target} 2>{failed}; sleep 600; :").Dispose();
        await Eventually.TrueAsync(() => File.Exists(found), () => "it does not start");

        await AgentContainer.ReadyAsync(node, "new");
        await old.KillAsync();
        await Eventually.TrueAsync(() => File.Exists(failed), () => "it mounts nothing");

        Assert.Equal("", await File.ReadAllTextAsync(failed, TestContext.Current.CancellationToken));
        // What it mounted is the old LXCFS's, until the agent looks again.
        await Eventually.TrueAsync(
            () => MountAt(node, "/usr/bin/dash", target)?.Device == node.Live!.Device, () => $"{MountAt(node, "/usr/bin/dash", target)}");
    }

    [Fact]
    public async Task A_container_that_changes_to_its_own_root_while_others_are_moved_is_found_again()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 2);
        await agent.SettlesAsync();
        // As a runtime makes a root: until it is the root, its files are at other paths than their own.
        var (root, moved) = (Directory.CreateDirectory($"{node.Folder}/root").FullName, $"{node.Folder}/moved");
        node.Start("unshare", "--mount", "sh", "-c",
            $"mount -t tmpfs root {root} && mkdir {root}/proc {root}/old && cp /bin/busybox {root}/ && mount -t proc proc {root}/proc"
            + $" && mount --bind {node.Root}/proc/meminfo {root}/proc/meminfo && cd {root}; until [ -e {moved} ]; do sleep 0.02; done; pivot_root . old"
            + $" && exec ./busybox sh -c '/busybox rm /old{moved}; /busybox umount -l /old; exec /busybox sleep 600'").Dispose();
        await Eventually.TrueAsync(() => MountAt(node, "/usr/bin/dash", $"{root}/proc/meminfo") is not null, () => "it does not start");

        await using (var tracer = await Tracer.DelayingAsync(agent.Workers, "open_tree", TimeSpan.FromSeconds(0.9)))
        {
            agent.KillLxcfs();
            await tracer.HoldsAsync();
            await File.WriteAllTextAsync(moved, "", TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => !File.Exists(moved), () => "it does not move");
        }

        await Eventually.TrueAsync(
            () => MountAt(node, "/busybox", "/proc/meminfo")?.Device == node.Live?.Device, () => $"{MountAt(node, "/busybox", "/proc/meminfo")}");
        await apps.ServedAsync();
    }

    /// <summary>What a process of the node that runs this file has at this place.</summary>
    private static Mount? MountAt(Node node, string executable, string target) =>
        Processes.Running(node.Pid, executable).SelectMany(Mount.Of).SingleOrDefault(mount => mount.Target == target);
}
