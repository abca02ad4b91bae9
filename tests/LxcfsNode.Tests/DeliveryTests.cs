using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What the node brings containers that mount nothing themselves, as the runtime makes and starts them.</summary>
public sealed class DeliveryTests
{
    private static readonly string Own = $"MemTotal:         {Container.MemoryKilobytes} kB\n";

    [Fact]
    public async Task A_container_that_was_made_without_files_has_them_before_its_first_instruction_keeps_them_through_a_death_of_LXCFS_and_loses_them_to_cleanup()
    {
        await using var node = await Node.StartAsync();
        using var runtime = new PlayedRuntime(node);
        var agent = await DeliversAsync(node, runtime);
        Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_nri_registered"]);
        RuncContainer[] containers =
        [
            await RuncContainer.CreateAsync(node, "plain", hasUserNamespace: false),
            // And a namespace in its own that nobody has named.
            await RuncContainer.CreateAsync(node, "user", hasUserNamespace: true, then: "busybox unshare -Um busybox sleep 500 &"),
        ];

        foreach (var container in containers)
        {
            Assert.Contains("/sys/devices/system/cpu/present", runtime.Call("CreateContainer", container.Named), StringComparison.Ordinal);
            Assert.DoesNotContain("/proc/", runtime.Call("CreateContainer", container.Named with { Deliver = "" }), StringComparison.Ordinal);
            runtime.Call("StartContainer", container.Named with { Deliver = "" });
            Assert.Equal((0, 0), container.Files);
            runtime.Call("StartContainer", container.Named);
            Assert.Equal((ServedFiles.Count, ServedFiles.Count), container.Files);
            await container.StartAsync();
            await Eventually.TrueAsync(() => container.FirstRead.Length > 0, () => $"{container.Id} reads nothing\n{node.Logs}");
            Assert.Equal(Own, container.FirstRead);
        }

        var metrics = await agent.MetricsAsync();
        Assert.Equal((2, 0), (metrics["lxcfs_agent_delivered_containers_total"], metrics["lxcfs_agent_attached_late_total"]));
        var nested = 0;
        await Eventually.TrueAsync(
            () => (nested = Processes.Children(containers[1].Pid).FirstOrDefault(pid => Processes.Link(pid, "ns/mnt") != Processes.Link(containers[1].Pid, "ns/mnt"))) != 0,
            () => $"no namespace is nested\n{node.Logs}");
        var before = Mount.Table(nested);

        await agent.SettlesAsync();
        agent.KillLxcfs();
        foreach (var container in containers)
            await container.ServedAsync();
        await agent.BecomesReadyAsync();
        Assert.Equal(before, Mount.Table(nested));
        Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_foreign_namespaces"]);
        Assert.Equal(["Healthy", "Healthy"], (await agent.StatusAsync())["containers"]!.AsArray().Select(container => (string?)container!["state"]));

        await agent.AgentAsync("cleanup");
        Assert.All(containers, container => Assert.Equal((0, 0), container.Files));
    }

    [Fact]
    public async Task A_container_that_started_bare_gets_the_files_late_and_the_next_agent_knows_it_again()
    {
        await using var node = await Node.StartAsync();
        using var runtime = new PlayedRuntime(node);
        var container = await RuncContainer.CreateAsync(node, "bare", hasUserNamespace: true);
        await container.StartAsync();
        await Eventually.TrueAsync(() => container.FirstRead.Length > 0, () => $"it reads nothing\n{node.Logs}");
        Assert.NotEqual(Own, container.FirstRead);

        var agent = await DeliversAsync(node, runtime, container.Named);
        await container.ServedAsync();
        await Eventually.TrueAsync(async () => (await agent.MetricsAsync())["lxcfs_agent_attached_late_total"] == 1, () => agent.Log);
        Assert.Contains("1 containers had started without the files of LXCFS", agent.Log, StringComparison.Ordinal);

        await agent.KillAgentAsync();
        runtime.Register(container.Named);
        await agent.SettlesAsync();
        agent.KillLxcfs();
        await container.ServedAsync();
        Assert.Equal(0, (await agent.MetricsAsync())["lxcfs_agent_attached_late_total"]);

        // Without an agent it sees the node, and the next one gives its view back by what is on record.
        await agent.StopAsync();
        Assert.Equal((0, 0), container.Files);
        var next = await AgentContainer.ReadyAsync(node, "next");
        await container.ServedAsync();
    }

    [Fact]
    public async Task While_LXCFS_hangs_a_container_waits_and_one_without_the_annotation_does_not()
    {
        await using var node = await Node.StartAsync();
        using var runtime = new PlayedRuntime(node);
        var agent = await DeliversAsync(node, runtime, settings: ("LXCFS_AGENT_PROBE_SECONDS", "60"));
        var lxcfs = Assert.Single(agent.Lxcfs);
        var named = new PlayedRuntime.NamedContainer("web", 0, HasUserNamespace: false);

        await Processes.StopAsync(lxcfs);
        for (var times = 0; times < 3; times++)
        {
            Assert.Contains("LXCFS of this node does not answer", runtime.Call("CreateContainer", named), StringComparison.Ordinal);
            Assert.DoesNotContain("LXCFS", runtime.Call("CreateContainer", named with { Deliver = "" }), StringComparison.Ordinal);
        }

        Assert.Equal(3, (await agent.MetricsAsync())["lxcfs_agent_delivery_waits_total"]);
        Libc.Signal(lxcfs, Libc.SigCont);
        await Eventually.TrueAsync(
            () => runtime.Call("CreateContainer", named).Contains("/proc/meminfo", StringComparison.Ordinal), () => agent.Log);
    }

    /// <summary>An agent that the runtime asks about new containers.</summary>
    private static async Task<AgentContainer> DeliversAsync(Node node, PlayedRuntime runtime, PlayedRuntime.NamedContainer? running = null, params (string, string)[] settings)
    {
        var agent = new AgentContainer(node, "agent") { Memory = 128, Settings = [("LXCFS_AGENT_SCAN_SECONDS", "1"), ("LXCFS_AGENT_NRI", PlayedRuntime.Socket), .. settings] };
        await agent.StartAsync();
        runtime.Register(running is null ? [] : [running]);
        await agent.BecomesReadyAsync();
        return agent;
    }
}
