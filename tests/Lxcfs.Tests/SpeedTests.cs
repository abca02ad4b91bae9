using System.Globalization;
using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>Figures for people: ours beside the packaged one, by turns, in one container.</summary>
public sealed class SpeedTests
{
    [Fact]
    public async Task Reads_of_ours_beside_the_packaged_one()
    {
        await using var node = await Node.StartAsync();
        LxcfsContainer[] all = [await LxcfsContainer.StartAsync(node, Build.Packaged), await LxcfsContainer.StartAsync(node, Build.Ours)];
        var tenant = await TenantContainer.StartInAsync(all, "tenant", $"/{node.Name}/pod/tenant", TenantContainer.Hold, "--memory-limit", "268435456");
        var found = TenantContainer.Numbers(await tenant.TenantAsync("speed", $"/{all[0].Id}", $"/{all[1].Id}", "300"));
        Measured.Print("open, read and close, median of 300: file, packaged, ours, ours / packaged");
        foreach (var file in found.Keys.Where(key => key.EndsWith("-0", StringComparison.Ordinal)).Select(key => key[..^2]))
            Compare(file, found[$"{file}-0"], found[$"{file}-1"]);

        // Each process of these has a new pid namespace, with one read.
        var medians = new List<double>();
        foreach (var lxcfs in all)
        {
            var script = $"for round in $(seq 60); do unshare --pid --fork {Artifacts.Require("lxcfs-tenant")} first {lxcfs.MountPoint}/proc/uptime; done";
            var times = (await node.RunAsync("sh", "-c", script)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => double.Parse(line, CultureInfo.InvariantCulture)).Order().ToArray();
            Assert.Equal(60, times.Length);
            medians.Add(times[30]);
        }

        Compare("first read of a new namespace", medians[0], medians[1]);
    }

    /// <summary>Not slower is what ours promises; the bound leaves room for a busy machine.</summary>
    private static void Compare(string what, double packaged, double ours)
    {
        Measured.Print(string.Create(CultureInfo.InvariantCulture, $"{what,-30} {packaged,6:0} us {ours,6:0} us {ours / packaged:0.00}"));
        Assert.InRange(ours, 1, 3 * packaged);
    }
}
