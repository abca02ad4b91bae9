using LxcfsAgent.Nri;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>What the node brings new containers: the plugin, with all that it needs, and the connection to the runtime.</summary>
internal sealed class NodeDelivery : IDisposable
{
    private readonly ProcFolder _proc = new();
    private readonly WorkerPool _readers;
    private readonly WorkerPool _callWorkers;
    private readonly WorkerPool _lateWorkers;
    private readonly LateDelivery _late;
    private readonly DeliveryPlugin _plugin;
    private readonly NriClient _client;
    private readonly NamedNamespaces _named = new();

    private NodeDelivery(AgentOptions options, AgentState state, AgentMetrics metrics, Action<string> killed, ILogger logger)
    {
        _readers = new(killed);
        _callWorkers = new(killed);
        _lateWorkers = new(killed);
        _late = new(_lateWorkers, options.Root, () => state.Phase == Phase.Owner, metrics, logger);
        _plugin = new(_readers, _callWorkers, options.Root, _proc, _named, _late, metrics, logger);
        _client = new(options.Nri, _plugin, logger, TimeProvider.System);
        _late.ListedWereBare = _client.RegisterAgain;
    }

    public bool IsRegistered => _client.IsRegistered;

    /// <summary>Containers with user namespaces of their own that the runtime has named.</summary>
    public NamedNamespaces Named => _named;

    /// <param name="killed">Is told what held a worker up that was killed.</param>
    /// <returns>Null where no runtime's socket is set.</returns>
    public static NodeDelivery? Start(AgentOptions options, AgentState state, AgentMetrics metrics, Action<string> killed, ILogger logger) =>
        options.Nri.Length == 0 ? null : new(options, state, metrics, killed, logger);

    /// <summary>Whether the node is to be labelled as one that brings the files; null where that is another agent's to say.</summary>
    public static bool? IsLabelled(Phase phase, bool isReady, bool isRegistered, Func<bool> othersLive) =>
        phase == Phase.Owner ? isReady && isRegistered : othersLive() ? null : false;

    public void Dispose()
    {
        _client.Dispose();
        _plugin.Dispose();
        _late.Dispose();
        _named.Dispose();
        _proc.Dispose();
    }
}
