using System.Net;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What the kubelet and Prometheus are told.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task Metrics_tell_of_a_crash_and_what_was_repaired_after_it()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 4);
        var files = apps.All.Count * ServedFiles.Count;
        await agent.SettlesAsync();
        Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
        await apps.ServedAsync();
        await agent.BecomesReadyAsync();

        var metrics = await agent.MetricsAsync();
        Assert.Equal((1, 1, 1), (metrics["lxcfs_agent_lxcfs_up"], metrics["lxcfs_agent_owner"], metrics["lxcfs_agent_lxcfs_restarts_total"]));
        Assert.Equal(apps.All.Count, metrics["lxcfs_agent_containers"]);
        Assert.Equal((files, files), (metrics["lxcfs_agent_stale_files_total"], metrics["lxcfs_agent_repaired_files_total"]));
        Assert.Equal(0, metrics["lxcfs_agent_repair_faults_total"]);
        Assert.True(metrics["lxcfs_agent_repair_seconds_sum"] > 0 && metrics["lxcfs_agent_scan_seconds_sum"] > 0);
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
    }

    [Fact]
    public async Task Probes_are_answered_to_root_of_the_container_and_the_port_tells_metrics_alone()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");

        Assert.Equal("ready", (await agent.AgentAsync("health", "ready")).Trim());
        Assert.Equal("live", (await agent.AgentAsync("health", "live")).Trim());
        var socket = $"/proc/{agent.Pid}/root/run/lxcfs-agent/health.sock";
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(owner, File.GetUnixFileMode(socket));
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(socket)!));
        foreach (var path in (string[])["/readyz", "/livez", "/", "/status"])
            Assert.Equal(HttpStatusCode.NotFound, (await agent.Port.AskAsync(path))?.Status);
        Assert.Equal(HttpStatusCode.OK, (await agent.Port.AskAsync("/metrics"))?.Status);

        // An agent that hangs is told apart from one that works, within the kubelet's patience.
        await Processes.StopAsync(agent.Agent);
        Assert.Equal(1, (await agent.HealthAsync("live")).ExitCode);
        Libc.Signal(agent.Agent, Libc.SigCont);
        await agent.BecomesReadyAsync();
    }

    [Fact]
    public async Task An_agent_whose_LXCFS_answers_wrong_values_is_not_ready_and_serves_nobody()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.StartAsync(node, "agent", hostPid: false);
        var answer = "";
        await Eventually.TrueAsync(
            async () => (answer = (await agent.HealthAsync("ready")).Output).Contains("hostPID: true", StringComparison.Ordinal), () => answer);

        Assert.Equal(1, (await agent.HealthAsync("ready")).ExitCode);
        Assert.Equal(0, (await agent.HealthAsync("live")).ExitCode);
        Assert.Equal(0, (await agent.MetricsAsync())["lxcfs_agent_lxcfs_up"]);
        Assert.DoesNotContain(Mount.Of(node.Pid), mount => mount.Target == node.Root && mount.IsLxcfs);
    }
}
