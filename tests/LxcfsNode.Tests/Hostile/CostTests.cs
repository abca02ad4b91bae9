using System.Diagnostics;
using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>What a tenant's reading costs the node beside the tenant's own time.</summary>
[Trait("Beside", "Nothing")]
public sealed class CostTests
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    /// <summary>LXCFS works in its own control group's time, which nothing limits; a read at a time keeps a thread of it busy at a time.</summary>
    [Fact]
    public async Task Who_reads_all_the_time_with_a_fifth_of_a_processor_keeps_nobody_else_from_reading()
    {
        await using var node = await Node.StartAsync();
        var agent = await AgentContainer.WatchfulAsync(node);
        var lxcfs = Assert.Single(agent.Lxcfs);
        var tenant = await AppContainer.StartAsync(node, AppKind.Distroless, "tenant", among: 0, "--cpu-quota", "20000");
        await Eventually.TrueAsync(() => tenant.Report.Rounds > 0, () => $"it does not read: {tenant.Log}");
        var (watched, own, served) = (Stopwatch.StartNew(), Processes.CpuInAll(tenant.Pid), Processes.CpuInAll(lxcfs));
        await Task.Delay(Watched, TestContext.Current.CancellationToken);
        (own, served) = (Processes.CpuInAll(tenant.Pid) - own, Processes.CpuInAll(lxcfs) - served);
        Measured.Print(string.Create(CultureInfo.InvariantCulture,
            $"a tenant that reads one file after the other used {own / watched.Elapsed:0.00} processors and LXCFS {served / watched.Elapsed:0.00} for it: {served / own:0.0} times as much"));
        Assert.True(own > TimeSpan.Zero && served > TimeSpan.Zero, $"{own}, {served}");

        var apps = await Apps.StartAsync(node, 4);
        await apps.ServedAsync();
        apps.AssertFlawless();
        Assert.True(tenant.Report is { Failures: 0, Wrong: 0 }, $"{tenant.Report}");
        Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
        Assert.Equal(0, (await agent.HealthAsync("ready")).ExitCode);
    }
}
