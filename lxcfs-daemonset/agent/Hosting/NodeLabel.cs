using System.Net.Http.Headers;
using System.Text;
using LxcfsAgent.State;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Hosting;

/// <summary>
/// Labels the node while the agent is ready, for pods that are to go nowhere else. Needs a service account that may patch
/// this node; what the API server refuses is logged and tried again.
/// </summary>
internal sealed class NodeLabel : IDisposable
{
    /// <summary>The label that the admission functions make pods ask for.</summary>
    public const string Name = LxcfsNames.Ready;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Somebody may have taken the label away.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private NodeLabel(string node, ClusterAccess cluster, AgentState state, AgentLease lease, ILogger logger) =>
        _work = Task.Run(() => KeepAsync(node, cluster, state, lease, logger));

    /// <summary>Labels the node, or takes the label away, whenever the agent's readiness changes, until disposed.</summary>
    public static NodeLabel Start(string node, ClusterAccess cluster, AgentState state, AgentLease lease, ILogger logger) =>
        new(node, cluster, state, lease, logger);

    public void Dispose()
    {
        _stop.Cancel();
        _work.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private async Task KeepAsync(string node, ClusterAccess cluster, AgentState state, AgentLease lease, ILogger logger)
    {
        bool? set = null;
        var since = DateTime.MinValue;
        while (!_stop.IsCancellationRequested)
        {
            var ready = state.NotReady is null;
            if ((ready != set || DateTime.UtcNow - since > Again) && await TrySetAsync(node, cluster, ready, logger))
                (set, since) = (ready, DateTime.UtcNow);
            await Task.Delay(Look, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // One that stands by has readiness of its own, and the same label to say it with.
        if (!lease.Observe().OthersLive)
            await TrySetAsync(node, cluster, false, logger);
    }

    private static async Task<bool> TrySetAsync(string node, ClusterAccess cluster, bool ready, ILogger logger)
    {
        try
        {
            using var client = cluster.Connect();
            var value = ready ? "\"true\"" : "null";
            using var body = new StringContent(
                "{\"metadata\":{\"labels\":{\"" + Name + "\":" + value + "}}}", Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
            using var answer = await client.PatchAsync(new Uri($"api/v1/nodes/{Uri.EscapeDataString(node)}", UriKind.Relative), body);
            if (answer.IsSuccessStatusCode)
            {
                Log.Labelled(logger, Name, ready ? "true" : "");
                return true;
            }

            Log.NotLabelled(logger, $"the API server answered {(int)answer.StatusCode} for node {node}; may the service account patch it?");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or UnauthorizedAccessException)
        {
            Log.NotLabelled(logger, exception.Message);
        }

        return false;
    }
}
