using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>A new pod takes over from an old one, as a DaemonSet with maxSurge 1 and maxUnavailable 0 does it.</summary>
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
}
