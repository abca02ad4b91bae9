using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>One LXCFS answers all containers of a node: what is left of it to others while one asks as often as it can.</summary>
public sealed class FairnessTests
{
    /// <summary>Of the reads that a container gets done alone. With one line for all it is a thousandth, with turns a tenth and more.</summary>
    private const double LeastShare = 0.01;

    [Theory]
    [Trait("Change", "21-fair-queue")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task Whoever_reads_with_hundreds_of_threads_keeps_others_waiting(Build build, bool falls)
    {
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build);
        var neighbour = await TenantContainer.StartAsync(lxcfs, "neighbour", TenantContainer.Hold);
        var alone = await PaceAsync(neighbour, "/proc/meminfo");
        var attacker = await TenantContainer.StartAsync(lxcfs, "attacker", ["flood", "/proc/stat", "1", "600", "held"], "--cpu-quota", "100000");
        await attacker.PrintedAsync();
        var beside = await PaceAsync(neighbour, "/proc/meminfo");
        await attacker.KillAsync();

        Print($"{build}, alone", alone);
        Print($"{build}, beside 600 threads that read", beside);
        Assert.Equal(falls, beside["reads"] < LeastShare * alone["reads"]);
        Assert.True((await PaceAsync(neighbour, "/proc/meminfo"))["reads"] > 0 && lxcfs.IsRunning, lxcfs.Log);
    }

    private static async Task<IReadOnlyDictionary<string, double>> PaceAsync(TenantContainer container, string file) =>
        TenantContainer.Numbers(await container.TenantAsync("pace", file, "3"));

    private static void Print(string what, IReadOnlyDictionary<string, double> pace) =>
        Measured.Print($"{what}: {pace["reads"]} reads in 3 s, median {pace["median"]:0.00} ms, longest {pace["longest"]:0} ms");
}
