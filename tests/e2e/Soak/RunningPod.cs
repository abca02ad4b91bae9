using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>A container that reads, and what it has read.</summary>
internal sealed record Reader(PodContainer Container, ReaderReport Report);

/// <summary>A pod that a node runs, whose containers all read.</summary>
internal sealed class RunningPod : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(0.5), Patience = TimeSpan.FromMinutes(2);

    private readonly PlayedPod _played;

    private RunningPod(JsonObject stored, PlayedPod played, IReadOnlyList<Reader> readers) =>
        (Stored, _played, Readers) = (stored, played, readers);

    public JsonObject Stored { get; }

    public IReadOnlyList<Reader> Readers { get; }

    /// <param name="stored">As the API server has it.</param>
    /// <param name="refused">Called each time the kubelet has to try again: where LXCFS is away, a pod waits.</param>
    public static async Task<RunningPod> StartAsync(
        PlayedKubelet kubelet, JsonObject stored, IReadOnlyDictionary<string, ReaderReport> reports, Action refused)
    {
        PlayedPod? played = null;
        List<string> why = [];
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                played = await kubelet.RunAsync(stored.ToJsonString());
                return true;
            }
            catch (Exception fault) when (fault is MountFailedException or InvalidOperationException)
            {
                refused();
                why.Add($"{DateTime.UtcNow:HH:mm:ss.fff} {fault.Message}");
                await Task.Delay(Retry);
                return false;
            }
        }, () => $"the pod does not start:\n{string.Join('\n', why)}", Patience);
        return new(stored, played!, [.. reports.Select(report => new Reader(played![report.Key], report.Value))]);
    }

    public async ValueTask DisposeAsync() => await _played.StopAsync(TimeSpan.Zero);
}
