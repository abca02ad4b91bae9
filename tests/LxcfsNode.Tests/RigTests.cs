using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>That the node in miniature shows what it is asked to judge.</summary>
public sealed class RigTests
{
    [Fact]
    public async Task Readers_see_right_values_from_a_plain_LXCFS_and_failures_when_it_is_killed()
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await SiblingLxcfs.StartAsync(node);
        var apps = new List<AppContainer>();
        foreach (var kind in Enum.GetValues<AppKind>())
            apps.Add(await AppContainer.StartAsync(node, kind, $"app-{kind}".ToLowerInvariant()));
        foreach (var app in apps)
        {
            await Eventually.TrueAsync(() => app.Report.Rounds > 5, () => $"{app.Id} does not read: {app.Log}");
            Assert.True(app.Report is { Failures: 0, Wrong: 0 }, $"{app.Id}: {app.Report}");
        }

        await lxcfs.KillAsync();
        foreach (var app in apps)
        {
            await Eventually.TrueAsync(() => app.Report.Failures > 0, () => $"{app.Id} has no failure");
            Assert.Contains("Transport endpoint is not connected", app.Report.LastError, StringComparison.Ordinal);
        }
    }
}
