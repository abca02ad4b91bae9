using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>LXCFS has descriptors for its work alone: files that tenants have open are none of them.</summary>
public sealed class DescriptorTests
{
    /// <summary>A few for each of its threads, and for the hierarchies of control groups.</summary>
    private const int Few = 128;

    [Fact]
    public async Task Files_that_tenants_have_open_take_no_descriptor_of_LXCFS()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var lxcfs = Assert.Single(agent.Lxcfs);
        var tenant = await new Tenant(node, "tenant").StartAsync(Tenant.AllFiles(node), "/attacks/open-files", "16", "1000", "/proc/stat");
        await Eventually.TrueAsync(() => tenant.Log.Split("opened").Length > 16, () => $"it opens too little: {tenant.Log}", TimeSpan.FromMinutes(2));

        var held = Processes.Descriptors(lxcfs);
        Measured.Print($"descriptors of LXCFS while a tenant has 16,000 of its files open: {held}");
        Assert.InRange(held, 1, Few);
        Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
    }

    [Fact]
    public async Task An_LXCFS_without_a_descriptor_left_ends_nothing_and_answers_right_once_it_has_some()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        await agent.SettlesAsync();
        var (first, decides, lxcfs) = (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs));

        await LimitAsync(lxcfs, Processes.Descriptors(lxcfs) / 2);
        await Eventually.TrueAsync(() => apps.All.Any(app => app.Report.Failures + app.Report.Wrong > 0), () => "nothing is read wrong");
        Assert.Equal((first, decides, lxcfs), (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs)));
        Assert.All(apps.All, app => Assert.True(app.IsRunning));

        await LimitAsync(lxcfs, 1024);
        await agent.BecomesReadyAsync();
        await apps.ServedAsync();
        Assert.Equal((first, decides, lxcfs), (agent.Pid, agent.Agent, Assert.Single(agent.Lxcfs)));
    }

    private static Task<string> LimitAsync(int pid, int descriptors) =>
        Command.RunAsync("prlimit", "--pid", pid.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"--nofile={descriptors}:"));
}
