using System.Globalization;
using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>Ours with AddressSanitizer and with ThreadSanitizer, side by side, while containers come and go and act by chance.</summary>
public sealed class SanitizerTests
{
    /// <summary>How long, for both at the same time; <c>LXCFS_FUZZ_MINUTES</c> says otherwise.</summary>
    private static readonly double Minutes = double.Parse(Environment.GetEnvironmentVariable("LXCFS_FUZZ_MINUTES") ?? "5", CultureInfo.InvariantCulture);

    /// <summary>What a container lives for by itself: longer than all that is run in it, however slow a sanitizer is.</summary>
    private const string Seconds = "25";

    /// <summary>What each container has beside it for a while: thousands of open files, a pod that stops all of its own, and names as nobody gives them.</summary>
    private static readonly string[][] Others =
    [
        ["open-many", "ROOT/proc/cpuinfo", "8", "500"], ["stop-all", "ROOT/proc/uptime", "20"], ["run-named", ") 1 2\n3 4 (5", "ROOT/proc/uptime"],
        ["open-many", "ROOT/sys/devices/system/cpu/online", "20", "900"], ["run-named", "a b) (", "ROOT/proc/uptime"],
    ];

    [Fact]
    [Trait("Change", "70-load-averages")]
    [Trait("Beside", "Fuzz")]
    public async Task They_find_nothing_while_tenants_fuzz()
    {
        await using var node = await Node.StartAsync();
        LxcfsContainer[] all = [await LxcfsContainer.StartAsync(node, Build.Address), await LxcfsContainer.StartAsync(node, Build.Thread)];
        var rounds = 0;
        var until = DateTime.UtcNow.AddMinutes(Minutes);
        await Task.WhenAll(all.Select(async lxcfs =>
        {
            for (; DateTime.UtcNow < until; Interlocked.Increment(ref rounds))
            {
                var id = $"{lxcfs.Build}-{rounds}".ToLowerInvariant();
                var tenant = await TenantContainer.StartInAsync([lxcfs], id, $"/{node.Name}/{id}", ["fuzz", $"/{lxcfs.Id}", Seconds, $"{rounds}"], "--memory-limit", "134217728", "--cpu-quota", "50000");
                var command = Others[rounds % Others.Length];
                var other = await TenantContainer.StartInAsync(
                    [lxcfs], $"{id}-other", $"/{node.Name}/{id}-other", [.. command.Select(word => word.Replace("ROOT", $"/{lxcfs.Id}", StringComparison.Ordinal))]);
                await using (new Resizing($"/{node.Name}/{id}", 128, 64))
                {
                    Assert.True(lxcfs.IsRunning, lxcfs.Log);
                    await tenant.TenantAsync("pread-storm", $"/{lxcfs.Id}/proc/meminfo", "32", "1");
                    await tenant.TenantAsync("pread-storm", $"/{lxcfs.Id}/proc/stat", "32", "1");
                    await tenant.TenantAsync("interrupt", $"/{lxcfs.Id}/proc/stat", "1");
                    Assert.Contains("refused=5", await tenant.TenantAsync("send-file", $"/{lxcfs.Id}/proc/cpuinfo", "5", ""), StringComparison.Ordinal);
                }

                Assert.NotEmpty(await other.PrintedAsync());
                await other.KillAsync();
                // Two of three end in the midst of it, with their control group.
                if (rounds % 3 == 0)
                    Assert.Contains("written=0", await tenant.PrintedAsync(), StringComparison.Ordinal);
                await tenant.RemoveAsync();
            }
        }));

        foreach (var lxcfs in all)
        {
            Assert.True(lxcfs.IsRunning, lxcfs.Log);
            Libc.Signal(lxcfs.Pid, Libc.SigTerm);
            await Eventually.TrueAsync(() => !lxcfs.IsRunning, () => $"{lxcfs.Id} does not end");
            Assert.DoesNotContain("Sanitizer", lxcfs.Log, StringComparison.Ordinal);
        }

        Measured.Print(string.Create(CultureInfo.InvariantCulture, $"fuzzed for {Minutes} minutes, {rounds} containers"));
    }
}
