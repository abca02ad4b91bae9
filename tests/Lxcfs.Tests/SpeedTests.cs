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
        foreach (var file in found.Keys.Where(key => key.EndsWith("-0", StringComparison.Ordinal)).Select(key => key[..^2]))
        {
            var (packaged, ours) = (found[$"{file}-0"], found[$"{file}-1"]);
            Assert.True(packaged > 0 && ours > 0);
            Measured.Print(string.Create(CultureInfo.InvariantCulture, $"open, read and close of {file}: packaged {packaged:0} us, ours {ours:0} us"));
        }

        // Each process of these has a new pid namespace, with one read.
        foreach (var lxcfs in all)
        {
            var script = $"for round in $(seq 60); do unshare --pid --fork {Artifacts.Require("lxcfs-tenant")} first {lxcfs.MountPoint}/proc/uptime; done";
            var times = (await node.RunAsync("sh", "-c", script)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => double.Parse(line, CultureInfo.InvariantCulture)).Order().ToArray();
            Assert.Equal(60, times.Length);
            Measured.Print(string.Create(CultureInfo.InvariantCulture, $"first read of a new namespace, {lxcfs.Build}: median {times[30]:0} us, worst {times[^1]:0} us"));
        }
    }
}
