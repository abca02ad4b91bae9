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

    /// <summary>Programs that have opened a file read it a while later, as they do where they wait for a processor.</summary>
    [Fact]
    [Trait("Beside", "Nothing")]
    public async Task Who_has_opened_a_file_before_the_agent_stops_can_read_it()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var app = await AppContainer.StartAsync(node, AppKind.Busybox, "app");

        var reading = app.ReadSlowlyAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.False(reading.IsCompleted);
        await agent.StopAsync();
        Assert.Empty(app.LxcfsMounts);
        Assert.False(reading.IsCompleted);
        app.HasReadEnough();

        await reading;
    }
}
