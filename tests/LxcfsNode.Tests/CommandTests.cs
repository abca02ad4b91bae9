using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What an operator runs in the agent's pod.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Status_shows_how_every_container_fares()
    {
        await using var node = await Node.StartAsync();
        var sibling = await SiblingLxcfs.StartAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await sibling.KillAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        await apps.ServedAsync();

        var status = JsonNode.Parse(await agent.AgentAsync("status", "--json"))!;
        Assert.True((bool)status["serving"]!);
        var containers = status["containers"]!.AsArray();
        Assert.Equal(apps.All.Select(app => app.PidInNode).Order(), containers.Select(container => (int)container!["pid"]!).Order());
        Assert.All(containers, container => Assert.Equal("Healthy", (string?)container!["state"]));
        Assert.All(containers, container => Assert.Equal(LxcfsFile.All.Count, container!["files"]!.AsArray().Count));
        Assert.Contains("Mended 0 of 0 stale files in", await agent.AgentAsync("repair"), StringComparison.Ordinal);

        // The agent can't heal while it is stopped, and its LXCFS is gone.
        Libc.Signal(agent.Pid, Libc.SigStop);
        Libc.Signal(Assert.Single(agent.Lxcfs), Libc.SigKill);
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => agent.AgentAsync("status"));
        Assert.Contains("Stale", failed.Message, StringComparison.Ordinal);
        Libc.Signal(agent.Pid, Libc.SigCont);
        await apps.ServedAsync();
    }
}
