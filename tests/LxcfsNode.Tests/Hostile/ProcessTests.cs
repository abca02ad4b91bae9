using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>Which of a container's processes the agent meets first is up to the container.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_process_with_a_lower_number_and_a_root_of_its_own_hides_no_container()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        await node.RunAsync("sh", "-c", "echo 20000 >/proc/sys/kernel/ns_last_pid");
        var app = await AppContainer.StartAsync(node, AppKind.Busybox, "app");
        await node.RunAsync("sh", "-c", "echo 2000 >/proc/sys/kernel/ns_last_pid");
        await node.RunAsync("ctr", "task", "exec", "--detach", "--exec-id", "jailed", "app", "/bin/chroot", "/bin", "/busybox", "sleep", "100000");
        await Eventually.TrueAsync(() => Processes.Children(Processes.Parent(app.Pid)).Any(pid => Processes.Link(pid, "root") == "/bin"
            && Processes.CommandLine(pid) is ["/busybox", ..]), () => "nobody is jailed");

        await IsRepairedAsync(agent, app);

        Assert.Equal("Healthy", (string?)Assert.Single((await agent.StatusAsync())["containers"]!.AsArray())!["state"]);
    }

    [Fact]
    public async Task A_program_whose_first_thread_has_ended_is_served_on()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var tenant = await new Tenant(node, "tenant").StartAsync(Tenant.AllFiles(node), "/attacks/first-thread-ends");
        await tenant.SaysAsync("reads");
        await agent.SettlesAsync();

        agent.KillLxcfs();
        await Eventually.TrueAsync(
            () => tenant.Log.TrimEnd().Split('\n') is [.., var error, "reads"] && error != "reads", () => $"it reads no more: {tenant.Log}");
        await agent.BecomesReadyAsync();
        Assert.Single((await agent.StatusAsync())["containers"]!.AsArray());
    }

    /// <summary>While nobody serves, the process that was on record ends; another of the container's goes on.</summary>
    [Fact]
    public async Task The_end_of_the_process_on_record_loses_no_file()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        await node.RunAsync("sh", "-c", "echo 20000 >/proc/sys/kernel/ns_last_pid");
        var apps = await Apps.StartAsync(node, 2);
        await node.RunAsync("sh", "-c", "echo 2000 >/proc/sys/kernel/ns_last_pid");
        await node.RunAsync("ctr", "task", "exec", "--detach", "--exec-id", "short", apps.All[0].Id, "/bin/sleep", "100000");
        int Short() => Processes.All.FirstOrDefault(
            pid => Processes.Link(pid, "ns/mnt") == Processes.Link(apps.All[0].Pid, "ns/mnt") && Processes.CommandLine(pid) is ["/bin/sleep", "100000"]);
        await Eventually.TrueAsync(() => Short() != 0, () => "there is no exec");
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);

        await agent.StopAsync();
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
        Libc.Signal(Short(), Libc.SigKill);
        await Eventually.TrueAsync(() => Short() == 0, () => "the exec lives on");

        await AgentContainer.ReadyAsync(node, "next");
        await apps.ServedAsync();
    }

    [Theory]
    [InlineData("user", false)]
    [InlineData("proc", true)]
    public async Task A_namespace_nested_in_a_container_is_told_and_is_no_fault(string kind, bool privileged)
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        var tenant = await new Tenant(node, "tenant").StartAsync(
            [.. Tenant.AllFiles(node), .. (string[])(privileged ? ["--cap-add", "CAP_SYS_ADMIN"] : [])],
            "/bin/sh", "-c", $"/attacks/nested {kind} & exec sleep 100000");
        await tenant.SaysAsync("nested");

        for (var kill = 0; kill < 2; kill++)
        {
            await agent.SettlesAsync();
            agent.KillLxcfs();
            await agent.BecomesReadyAsync();
            await apps.ServedAsync();
            await Eventually.TrueAsync(() => Apps.WhyUnserved(tenant) is null, () => Apps.WhyUnserved(tenant)!);
        }

        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        var (metrics, status) = (await agent.MetricsAsync(), await agent.StatusAsync());
        Assert.Equal(0, metrics["lxcfs_agent_repair_faults_total"]);
        Assert.Equal(0, metrics["lxcfs_agent_errors_total"]);
        if (kind != "proc")
            Assert.Contains(status["leftAlone"]!.AsArray(), item => (string?)item!["code"] == "ForeignUserNamespace" && (int)item["count"]! == 1);
        // What the new proc lies over can't be reached by anybody in there, so that nothing is wrong in it.
        Assert.DoesNotContain(status["containers"]!.AsArray(), container => (string?)container!["state"] == "Stale");
    }

    /// <summary>As a module of the kernel may have it; the kernel itself lets an agent look at everybody.</summary>
    [Fact]
    public async Task A_process_that_nobody_may_look_at_is_told_and_keeps_no_other_from_being_repaired()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        await agent.SettlesAsync();
        var (hidden, others) = (apps.All[0], new Apps([.. apps.All.Skip(1)]));
        var pid = Processes.Status(hidden.Pid, "NSpid")!.Split('\t')[^2];
        await using (await Tracer.FailingAsync([agent.Agent, .. agent.Workers], "readlinkat,readlink", "EACCES", $"{pid}/ns/mnt"))
        {
            agent.KillLxcfs();

            await others.ServedAsync();
            Assert.NotNull(Apps.WhyUnserved(hidden));
            await agent.BecomesReadyAsync();
            Assert.Contains($"a mount namespace of process {pid} (Permission denied)", agent.Log, StringComparison.Ordinal);
            Assert.True((await agent.MetricsAsync())["lxcfs_agent_incomplete_scans_total"] > 0);
        }

        await apps.ServedAsync();
    }

    private static async Task IsRepairedAsync(AgentContainer agent, AppContainer app)
    {
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await agent.BecomesReadyAsync();
        await new Apps([app]).ServedAsync();
        Assert.Equal(ServedFiles.Count, app.LxcfsMounts.Count);
    }
}
