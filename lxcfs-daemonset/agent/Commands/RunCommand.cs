using System.ComponentModel;
using System.Runtime.InteropServices;
using LxcfsAgent.Apply;
using LxcfsAgent.Delivery;
using LxcfsAgent.Health;
using LxcfsAgent.Hosting;
using LxcfsAgent.Init;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;
using LxcfsAgent.State;
using LxcfsAgent.Worker;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Commands;

/// <summary><c>lxcfs-agent run</c>: serves the node until it is stopped.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(AgentOptions options)
    {
        using var logging = LoggerFactory.Create(logging => logging.AddJsonLines());
        var logger = logging.CreateLogger("agent");
        var folder = new StateFolder(options.StateFolder, what => Log.Noted(logger, what));
        var state = new AgentState(TimeProvider.System);
        var metrics = new AgentMetrics(isNriAsked: options.Nri.Length > 0);
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        // First: an address that is taken is to end the program while nothing has been touched.
        await using var endpoint = await MetricsEndpoint.StartAsync(options, metrics);
        FileDescriptorLimit.Raise();
        using var health = HealthSocket.Start(HealthSocket.DefaultPath, state, logger);
        using var lease = AgentLease.Join(folder, options.Instance);
        var mode = CgroupModes.Detect();
        Log.Joined(logger, lease.Generation, options.Root, mode);
        var (readyGrace, deliversGrace) = (new LabelGrace(), new LabelGrace());
        using var ready = options.LabelNode
            ? NodeLabel.Start(LxcfsNames.Ready, options.Node, ClusterAccess.OfPod(), () => readyGrace.Of(state.NotReady is null), lease, logger) : null;
        // Until the end, so that new pods wait for the next agent.
        using var delivery = NodeDelivery.Start(options, state, metrics, CountKilled(metrics, logger), logger);
        // An agent without the setting takes away what one with it has left.
        using var delivers = options.Node.Length > 0 && (options.LabelNode || delivery is not null)
            ? NodeLabel.Start(LxcfsNames.Delivers, options.Node, ClusterAccess.OfPod(), Delivers, lease, logger) : null;
        await Task.Factory.StartNew(
            () => Serve(options, folder, lease, state, delivery, metrics, logger, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return 0;

        bool? Delivers()
        {
            var holds = NodeDelivery.IsLabelled(state.Phase, state.NotReady is null, delivery?.IsRegistered == true, () => OthersLive(lease));
            return delivery is null ? holds : deliversGrace.Of(holds);
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Serve(
        AgentOptions options,
        StateFolder folder,
        AgentLease lease,
        AgentState state,
        NodeDelivery? delivery,
        AgentMetrics metrics,
        ILogger logger,
        CancellationToken stop)
    {
        using var output = LxcfsOutput.Take(Environment.GetEnvironmentVariable);
        var said = new RateLimitedLog(logger);
        OutputReader.Start(output.Read, new(logger), metrics);
        var withdrawn = new WithdrawnFiles(folder);
        Reserve(withdrawn, logger);
        LxcfsRunner? serving = null;
        // Called on the loop's own thread, as all that changes it.
        using var workers = new WorkerPool(CountKilled(metrics, logger), isUrgent: () => serving?.HasFailed == true);
        var groups = ControlGroups.OfSelf();
        Note(groups.Prepare(), "LXCFS has no control group of its own, and may take the agent along when memory runs out", logger);
        foreach (var warning in options.Warnings)
            Log.Noted(logger, warning);
        var kernel = KernelFeatures.Probe();
        if (kernel.Reason is { } unsupported)
            Log.Unsupported(logger, unsupported);
        foreach (var lack in kernel.Lacks)
            Log.Noted(logger, lack);
        using var lxcfs = new LxcfsRunner(
            options.Lxcfs,
            options.LxcfsFilter ? new Dictionary<string, string>() : new() { ["LXCFS_FILTER"] = "off" },
            output.Write,
            options.Probe,
            AnswerVerifier.ForSelf(),
            pid => Note(groups.Place(pid), "LXCFS could not be put into its control group", logger),
            groups.WhyEnded,
            () => new(CountKilled(metrics, logger)),
            error =>
            {
                metrics.Errors.Add(1);
                said.Write($"LXCFS could not be asked: {error}");
            },
            logger);
        serving = lxcfs;
        var retries = new RetrySchedule();
        var executor = new ActionExecutor(
            new(options.Root), folder, lease, lxcfs, new(workers, withdrawn, retries, kernel.CanPutBeneath, metrics, logger), metrics, logger);
        var look = new ContainerLook(workers, options.NodeFolder, retries, metrics, logger, () => delivery?.Named.All);
        new AgentLoop(options, kernel.Reason, new(options, folder, lease, withdrawn, lxcfs), executor, lxcfs, look, retries, state, delivery, metrics, logger).Run(stop);
    }

    /// <summary>Counts and tells each worker that is killed.</summary>
    public static Action<string> CountKilled(AgentMetrics metrics, ILogger logger) => what =>
    {
        metrics.WorkersKilled.Add(1);
        Log.WorkerKilled(logger, what);
    };

    private static void Note(string? reason, string what, ILogger logger)
    {
        if (reason is not null)
            Log.Noted(logger, $"{what}: {reason}");
    }

    /// <summary>What can't be told is not taken for absence.</summary>
    private static bool OthersLive(AgentLease lease)
    {
        try
        {
            return lease.Observe().OthersLive;
        }
        catch (Exception exception) when (exception is IOException or Win32Exception or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static void Reserve(WithdrawnFiles withdrawn, ILogger logger)
    {
        try
        {
            withdrawn.Reserve();
        }
        catch (IOException exception)
        {
            Log.Noted(logger, $"no room can be kept for what is taken out of containers: {exception.Message}");
        }
    }
}
