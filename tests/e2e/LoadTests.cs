using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Load;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Infra.Tests;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>Many pods at once, and very many reviews. LOAD_REVIEWS says how many.</summary>
public sealed class LoadTests
{
    private const int PodCount = 5_000, Round = 250;

    /// <summary>What a process may have taken more at the end than at the beginning, in MiB: an allocator's whims, but no leak.</summary>
    private const double Slack = 16;

    private static readonly string[] AllVolumes = [.. LxcfsFile.All.Select(file => file.Volume)];

    [Fact]
    public async Task Five_thousand_pods_made_by_32_clients_are_all_stored_and_all_mutated()
    {
        await using var cluster = await OwnCluster.StartAsync();
        var on = new PodLoad(cluster.Api, await cluster.NamespaceAsync());
        var off = new PodLoad(cluster.Api, await cluster.NamespaceAsync(labelled: false));
        await using var memory = new Memory(cluster.Functions.Pid);

        // By turns, so that whatever else the machine does is in both.
        for (var made = 0; made < PodCount; made += Round)
        {
            await off.CreateAsync(made, Round);
            await on.CreateAsync(made, Round);
        }

        Print(on.Latencies, off.Latencies, memory.Quarters);
        await AssertStoredAsync(on, isMutated: true);
        await AssertStoredAsync(off, isMutated: false);
        Assert.InRange(memory.Quarters.Last, 0, memory.Quarters.First + Slack);
    }

    [Fact]
    public async Task A_million_reviews_get_the_same_patch_and_take_no_more_memory()
    {
        await using var functions = await HostedFunctions.StartAsync();
        var count = int.Parse(Environment.GetEnvironmentVariable("LOAD_REVIEWS") ?? "1000000", CultureInfo.InvariantCulture);
        await using var memory = new Memory(functions.Pid);

        using var process = Process.GetProcessById(functions.Pid);
        var (started, before, own) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime, Environment.CpuUsage.TotalTime);
        var answered = await Task.WhenAll(Enumerable.Range(0, PodLoad.Clients).Select(_ => Task.Run(() => ReviewAsync(functions, count / PodLoad.Clients))));

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        Measured.Print(string.Create(CultureInfo.InvariantCulture,
            $"{answered.Sum()} reviews in {seconds:0} s, {answered.Sum() / seconds:0} a second over {PodLoad.Clients} connections; "
            + $"{(process.TotalProcessorTime - before).TotalMicroseconds / answered.Sum():0.0} µs of CPU each, and {(Environment.CpuUsage.TotalTime - own).TotalMicroseconds / answered.Sum():0.0} for who asks; "
            + $"resident {memory.Quarters.First:0.0} MiB in the first quarter, {memory.Quarters.Last:0.0} MiB in the last"));
        Assert.Equal(count / PodLoad.Clients * PodLoad.Clients, answered.Sum());
        Assert.InRange(memory.Quarters.Last, 0, memory.Quarters.First + Slack);
    }

    /// <summary>How many times the answer was a patch, and the same.</summary>
    private static async Task<int> ReviewAsync(HostedFunctions functions, int count)
    {
        var review = await File.ReadAllBytesAsync(Path.Combine(
            Repository.Root, "tests/LxcfsFunctions.Tests/TestData/captures/v1.20.2/pod-create.mutate.body.json"));
        using var connection = await ReviewConnection.OpenAsync(functions.Port, functions.Mutate, review);
        var first = (await connection.ReviewAsync()).Body.ToArray();
        AssertMutates(JsonNode.Parse(first)!["response"]!);
        var answered = 1;
        for (; answered < count; answered++)
        {
            var (ok, body) = await connection.ReviewAsync();
            Assert.True(ok && body.Span.SequenceEqual(first), $"answer {answered} is another one");
        }

        return answered;
    }

    private static void AssertMutates(JsonNode response)
    {
        Assert.True((bool)response["allowed"]!);
        var patch = JsonNode.Parse(Convert.FromBase64String((string)response["patch"]!))!.ToJsonString();
        Assert.All(AllVolumes, volume => Assert.Contains($"\"{volume}\"", patch, StringComparison.Ordinal));
    }

    private static async Task AssertStoredAsync(PodLoad load, bool isMutated)
    {
        var stored = await load.StoredAsync();
        Assert.Equal(
            Enumerable.Range(0, PodCount).Select(PodLoad.Name).Order(StringComparer.Ordinal),
            stored.Select(pod => (string)pod["metadata"]!["name"]!).Order(StringComparer.Ordinal));
        Assert.All(stored, pod => Assert.Equal(isMutated, Pods.IsMutated(pod)));
    }

    private static void Print(Latencies on, Latencies off, (double First, double Last) memory) => Measured.Print(string.Create(
        CultureInfo.InvariantCulture, $"""
            {PodCount} pods made by {PodLoad.Clients} clients through the API server, with the webhooks and without, by turns of {Round}

            | | webhooks on | off | added |
            |---|---|---|---|
            | p50 | {on.Milliseconds(50):0.0} ms | {off.Milliseconds(50):0.0} ms | {on.Milliseconds(50) - off.Milliseconds(50):0.0} ms |
            | p99 | {on.Milliseconds(99):0.0} ms | {off.Milliseconds(99):0.0} ms | {on.Milliseconds(99) - off.Milliseconds(99):0.0} ms |

            resident: {memory.First:0.0} MiB in the first quarter, {memory.Last:0.0} MiB in the last
            """));
}
