using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>Makes pods through an API server, and judges what became of each.</summary>
/// <param name="log">The API server's.</param>
internal sealed class Admissions(Api api, string @namespace, Outages outages, string log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<string> _unmutated = [];
    private int _whileUp, _whileDown, _unmutatedWhileDown;

    public AdmissionFigures Figures => new(_whileUp, [.. _unmutated], _whileDown, _unmutatedWhileDown);

    /// <summary>What the API server said last of a webhook that it could not call.</summary>
    private string? LastFailure => File.ReadLines(log).LastOrDefault(line => line.Contains("failing open", StringComparison.Ordinal));

    /// <summary>The pod as it is stored; null where it was left as it is.</summary>
    public async Task<JsonObject?> CreateAsync(JsonObject pod)
    {
        var from = ReaderReport.Now;
        var stored = (await api.CreatePodAsync(@namespace, pod)).Succeeded();
        var (isMutated, wasDown) = (Pods.IsMutated(stored), outages.Touch(from, ReaderReport.Now));
        Interlocked.Increment(ref wasDown ? ref _whileDown : ref _whileUp);
        if (isMutated)
            return stored;
        if (wasDown)
            Interlocked.Increment(ref _unmutatedWhileDown);
        else
            _unmutated.Enqueue($"{(string?)stored["metadata"]!["name"]} at {DateTime.UtcNow:HH:mm:ss.fff}; {LastFailure}");
        await DeleteAsync(stored);
        return null;
    }

    public async Task DeleteAsync(JsonObject stored) => (await api.SendAsync(
        HttpMethod.Delete, $"api/v1/namespaces/{@namespace}/pods/{(string)stored["metadata"]!["name"]!}?gracePeriodSeconds=0")).Succeeded();

    /// <summary>Pods that no node runs, one after the other.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        for (var number = 0; !end.IsCancellationRequested; number++)
        {
            if (await CreateAsync(Pods.Plain($"unscheduled-{number}")) is { } stored)
                await DeleteAsync(stored);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
