using System.Globalization;
using Lxcfs.Tests.Rig;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What an open, a read and a close cost LXCFS, in system calls: unlike microseconds they don't depend on who else is on the machine.</summary>
public sealed class CallsTests
{
    private const int Times = 100;

    /// <summary>Its folders are looked up anew now and then, and load averages are counted meanwhile.</summary>
    private const int Others = Times / 2;

    [Theory]
    [Trait("Change", "22-no-flush")]
    [InlineData(Build.Packaged, 5)]
    [InlineData(Build.Ours, 4)]
    public async Task A_close_is_answered_too(Build build, int answers)
    {
        await using var node = await Node.StartAsync();
        var calls = await CountAsync(await LxcfsContainer.StartAsync(node, build), "/proc/uptime");
        // The open, the read, the one at its end, the close and the release.
        Assert.InRange(calls["writev"], answers * Times, answers * Times + Others);
    }

    [Theory]
    [Trait("Change", "23-plain-read")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task A_file_of_a_control_group_is_asked_for_its_flags(Build build, bool asked)
    {
        await using var node = await Node.StartAsync();
        var calls = await CountAsync(await LxcfsContainer.StartAsync(node, build), "/proc/swaps");
        Assert.Equal(asked, calls.GetValueOrDefault("fcntl") >= Times);
    }

    /// <summary>The queue asks for the container of whoever opens a file, and the library gets to know it.</summary>
    [Fact]
    [Trait("Change", "21-fair-queue")]
    public async Task The_container_of_a_reader_is_looked_for_once_for_each_file_that_it_opens()
    {
        await using var node = await Node.StartAsync();
        var calls = await CountAsync(await LxcfsContainer.StartAsync(node, Build.Ours), "/proc/uptime");
        Assert.InRange(calls["ioctl"], Times, Times + Others);
    }

    /// <summary>Or it would wait, and others with it, in the line of the container that the file was opened in.</summary>
    [Theory]
    [Trait("Change", "21-fair-queue")]
    [InlineData("", false)]
    [InlineData("unshare --pid --fork", true)]
    public async Task Who_reads_an_open_file_in_another_namespace_is_looked_for(string enter, bool looks)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, Build.Ours);
        await using var count = await SystemCalls.OfAsync(lxcfs);
        await node.RunAsync("sh", "-c", $"{enter} sh -c 'for time in $(seq {Times}); do head -c 1; done' <{lxcfs.MountPoint}/proc/uptime");
        Assert.Equal(looks, (await count.EndAsync()).GetValueOrDefault("ioctl") >= Times);
    }

    [Fact]
    public async Task No_file_costs_more_calls_than_with_the_packaged_one()
    {
        await using var node = await Node.StartAsync();
        var (packaged, ours) = (await LxcfsContainer.StartAsync(node, Build.Packaged), await LxcfsContainer.StartAsync(node, Build.Ours));
        foreach (var file in LxcfsFile.All)
        {
            var (before, now) = (await SumAsync(packaged, file.Path), await SumAsync(ours, file.Path));
            Measured.Print(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {before:0.0} system calls, ours {now:0.0}"));
            Assert.InRange(now, 1, before);
        }
    }

    /// <summary>Calls for each time; of waiting for one another there is more where strace makes all slow.</summary>
    private static async Task<double> SumAsync(LxcfsContainer lxcfs, string file) =>
        (await CountAsync(lxcfs, file)).Where(call => call.Key != "futex").Sum(call => call.Value) / (double)Times;

    private static async Task<IReadOnlyDictionary<string, int>> CountAsync(LxcfsContainer lxcfs, string file)
    {
        var tenant = await TenantContainer.StartAsync(lxcfs, $"tenant-{Guid.NewGuid():N}", TenantContainer.Hold);
        await tenant.TenantAsync("again", file, "10");
        await using var count = await SystemCalls.OfAsync(lxcfs);
        await tenant.TenantAsync("again", file, $"{Times}");
        var calls = await count.EndAsync();
        await tenant.KillAsync();
        return calls;
    }
}
