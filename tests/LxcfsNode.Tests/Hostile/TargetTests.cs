using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>Files of LXCFS where nobody expects them, and other things where files of LXCFS are expected.</summary>
public sealed class TargetTests
{
    [Theory]
    [InlineData("/data/meminfo")]
    [InlineData("/etc/meminfo")]
    [InlineData("/tmp/proc/meminfo")]
    public async Task A_file_at_another_path_is_told_and_left_alone(string target)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var tenant = await new Tenant(node, "tenant").StartAsync(
            [.. Tenant.AllFiles(node), .. Tenant.FileAt(node, "/proc/meminfo", target)], "/bin/sleep", "100000");
        var before = Mount.Of(tenant.Pid).Single(mount => mount.Target == target);

        await IsRepairedAsync(agent, tenant);

        Assert.Equal(before with { Root = "" }, Mount.Of(tenant.Pid).Single(mount => mount.Target == target) with { Root = "" });
        Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_other_targets"]);
        var told = Assert.Single((await agent.StatusAsync())["leftAlone"]!.AsArray());
        Assert.Equal("OtherTarget", (string?)told!["code"]);
        Assert.Contains(target, (string?)told["detail"], StringComparison.Ordinal);
    }

    /// <summary>Its name is in mountinfo as the tenant wrote it, which need not be text.</summary>
    [Fact]
    public async Task A_target_that_is_no_text_is_shown_escaped_and_holds_up_no_repair()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var tenant = await new Tenant(node, "tenant").StartAsync(
            [.. Tenant.AllFiles(node), "--cap-add", "CAP_SYS_ADMIN"], "/bin/sh", "-c",
            """mount -t tmpfs room /tmp && f=$(printf '/tmp/\377\033[2J\n\\x"') && touch "$f" && mount --bind /proc/meminfo "$f" && echo mounted; exec sleep 100000""");
        await tenant.SaysAsync("mounted");

        await IsRepairedAsync(agent, tenant);

        Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_other_targets"]);
        foreach (var output in new[] { await agent.AgentAsync("status"), await agent.AgentAsync("status", "--json"), agent.Log })
            Assert.DoesNotContain('\u001b', output);
    }

    /// <summary>mountinfo's order is age, not height: what was moved over a file is older than the file.</summary>
    [Fact]
    public async Task A_mount_that_was_moved_over_a_file_is_a_conflict_and_stays()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var tenant = await new Tenant(node, "tenant").StartAsync(
            [.. Tenant.AllFiles(node), "--cap-add", "CAP_SYS_ADMIN"], "/bin/sleep", "100000");
        // Mounted before the files are mounted anew, and moved over one of them then.
        await tenant.ExecAsync("sh", "-c", "touch /tmp/over && mount --bind /proc/version /tmp/over");
        await IsRepairedAsync(agent, tenant);
        await tenant.ExecAsync("mount", "--move", "/tmp/over", "/proc/meminfo");
        Mount Over() => Mount.Of(tenant.Pid).Single(mount => mount.Target == "/proc/meminfo" && !mount.IsLxcfs);
        var before = Over();

        var file = Assert.Single((await agent.StatusAsync())["containers"]!.AsArray())!["files"]!.AsArray()
            .Single(file => (string?)file!["path"] == "/proc/meminfo");
        Assert.Equal("Conflicting", (string?)file!["state"]);
        for (var kill = 0; kill < 2; kill++)
        {
            await agent.SettlesAsync();
            agent.KillLxcfs();
            await agent.BecomesReadyAsync();
            await Eventually.TrueAsync(
                () => tenant.LxcfsMounts.Where(mount => mount.Target != "/proc/meminfo").All(mount => mount.Device == node.Live!.Device),
                () => string.Join('\n', tenant.LxcfsMounts));
        }

        Assert.Equal(before, Over());
        Assert.Contains("Linux version", await tenant.ExecAsync("cat", "/proc/meminfo"), StringComparison.Ordinal);
    }

    /// <summary>As monitoring has it: a whole LXCFS, which stays there in death since nothing propagates to it.</summary>
    [Theory]
    [InlineData("rprivate")]
    [InlineData("rslave")]
    public async Task A_container_that_has_the_node_s_folders_mounted_keeps_nobody_from_being_repaired(string propagation)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        string[] host = ["--mount", $"type=bind,src={node.Parent},dst=/host,options=rbind:{propagation}:ro"];
        await new Tenant(node, "monitoring").StartAsync(host, "/bin/sleep", "100000");
        var both = await new Tenant(node, "both").StartAsync([.. host, .. Tenant.AllFiles(node)], "/bin/sleep", "100000");

        for (var kill = 0; kill < 2; kill++)
        {
            await agent.SettlesAsync();
            agent.KillLxcfs();
            await agent.BecomesReadyAsync();
            await apps.ServedAsync();
            await Eventually.TrueAsync(
                () => both.LxcfsMounts.Count(mount => ServedFiles.Has(mount) && mount.Device == node.Live!.Device) == ServedFiles.Count,
                () => string.Join('\n', both.LxcfsMounts));
        }
    }

    [Fact]
    public async Task A_container_in_a_user_namespace_of_its_own_is_told_and_left_alone()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var app = await AppContainer.StartAsync(node, AppKind.UserNamespace, "app");
        await Eventually.TrueAsync(() => app.Report.Rounds > 5, () => $"{app.Report}");
        Assert.True(app.Report is { Failures: 0, Wrong: 0 }, $"{app.Report}");
        var before = Mount.Table(app.Pid);
        var others = await Apps.StartAsync(node, 2);

        await agent.SettlesAsync();
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await others.ServedAsync();

        Assert.Equal(before, Mount.Table(app.Pid));
        Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_foreign_namespaces"]);
        var told = Assert.Single((await agent.StatusAsync())["leftAlone"]!.AsArray());
        Assert.Equal(("ForeignUserNamespace", 1), ((string?)told!["code"], (int)told["count"]!));
        Assert.Contains($"{app.PidInNode}", (string?)told["detail"], StringComparison.Ordinal);
    }

    private static async Task IsRepairedAsync(AgentContainer agent, Tenant tenant)
    {
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await Eventually.TrueAsync(
            () => tenant.LxcfsMounts.Where(ServedFiles.Has).Count(mount => mount.Device == tenant.Node.Live?.Device) == ServedFiles.Count,
            () => string.Join('\n', tenant.LxcfsMounts));
    }
}
