using System.Net.Http.Headers;
using System.Text;
using LxcfsAgent.State;

namespace LxcfsAgent.Hosting;

/// <summary>
/// Labels the node while something holds, for pods that are to go nowhere else. Needs a service account that may patch
/// this node; what the API server refuses is logged and tried again.
/// </summary>
internal sealed class NodeLabel : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Somebody may have taken the label away.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _name;
    private readonly string _node;
    private readonly ClusterAccess _cluster;
    private readonly ILogger _logger;
    private readonly Task _work;

    private NodeLabel(string name, string node, ClusterAccess cluster, Func<bool?> holds, AgentLease lease, ILogger logger)
    {
        (_name, _node, _cluster, _logger) = (name, node, cluster, logger);
        _work = Task.Run(() => KeepAsync(holds, lease));
    }

    /// <summary>Labels the node, or takes the label away, whenever that changes, until disposed.</summary>
    /// <param name="name">One of the labels that the admission functions make pods ask for.</param>
    /// <param name="holds">Whether the node is to have it; null where that is another agent's to say.</param>
    public static NodeLabel Start(string name, string node, ClusterAccess cluster, Func<bool?> holds, AgentLease lease, ILogger logger) =>
        new(name, node, cluster, holds, lease, logger);

    public void Dispose()
    {
        _stop.Cancel();
        _work.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private async Task KeepAsync(Func<bool?> holds, AgentLease lease)
    {
        bool? set = null;
        var since = DateTime.MinValue;
        while (!_stop.IsCancellationRequested)
        {
            if (holds() is not { } wanted)
                set = null;
            else if ((wanted != set || DateTime.UtcNow - since > Again) && await TrySetAsync(wanted))
                (set, since) = (wanted, DateTime.UtcNow);
            await Task.Delay(Look, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // One that stands by has a state of its own, and the same label to say it with.
        if (!lease.Observe().OthersLive)
            await TrySetAsync(false);
    }

    private async Task<bool> TrySetAsync(bool wanted)
    {
        try
        {
            using var client = _cluster.Connect();
            var value = wanted ? "\"true\"" : "null";
            using var body = new StringContent(
                "{\"metadata\":{\"labels\":{\"" + _name + "\":" + value + "}}}", Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
            using var answer = await client.PatchAsync(new Uri($"api/v1/nodes/{Uri.EscapeDataString(_node)}", UriKind.Relative), body);
            if (answer.IsSuccessStatusCode)
            {
                Log.Labelled(_logger, _name, wanted ? "true" : "");
                return true;
            }

            Log.NotLabelled(_logger, $"the API server answered {(int)answer.StatusCode} for node {_node}; may the service account patch it?");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or UnauthorizedAccessException)
        {
            Log.NotLabelled(_logger, exception.Message);
        }

        return false;
    }
}
