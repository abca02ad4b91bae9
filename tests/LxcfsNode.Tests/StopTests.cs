using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>The last agent of a node is stopped, and later there is one again.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Without_an_agent_containers_see_the_node_and_never_an_error_and_the_next_one_gives_their_view_back()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "old");
        var apps = await Apps.StartAsync(node, 4);
        await agent.StopAsync();

        await Eventually.TrueAsync(() => apps.All.All(app => app.Report.Wrong > 0), () => "the containers still see LXCFS");
        Assert.All(apps.All, app => Assert.Equal(0ul, app.Report.Failures));
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
        Assert.DoesNotContain(Mount.Of(node.Pid), mount => mount.IsLxcfs);

        await AgentContainer.ReadyAsync(node, "new");
        await apps.ServedAsync();
        Assert.All(apps.All, app => Assert.Equal(0ul, app.Report.Failures));
    }
}
