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
    private const string Seconds = "12";

    [Fact]
    [Trait("Change", "70-load-averages")]
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
                await tenant.TenantAsync("pread-storm", $"/{lxcfs.Id}/proc/meminfo", "32", "1");
                var resized = ResizeAsync($"/sys/fs/cgroup/cpu/{node.Name}/{id}/cpu.cfs_quota_us");
                await tenant.TenantAsync("interrupt", $"/{lxcfs.Id}/proc/stat", "1");
                // Two of three end in the midst of it, with their control group.
                if (rounds % 3 == 0)
                    Assert.Contains("written=0", await tenant.PrintedAsync(), StringComparison.Ordinal);
                await resized;
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

    /// <summary>As an in-place resize does it, many times.</summary>
    private static async Task ResizeAsync(string quota)
    {
        for (var index = 0; index < 20; index++)
        {
            await File.WriteAllTextAsync(quota, $"{50_000 + 10_000 * (index % 16)}");
            await Task.Delay(50);
        }
    }
}
