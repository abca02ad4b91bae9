using System.Runtime.InteropServices;
using LxcfsAgent.Hosting;
using LxcfsAgent.Node;

namespace LxcfsAgent.Commands;

/// <summary><c>lxcfs-agent run</c>: serves the node until it is stopped.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(AgentOptions options)
    {
        using var logging = LoggerFactory.Create(logging => logging.AddLines());
        var logger = logging.CreateLogger("agent");
        var folder = new StateFolder(options.StateFolder);
        var state = new AgentState(TimeProvider.System);
        var metrics = new AgentMetrics();
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        // Before the supervisor: an address that is taken is to end the program while nothing has been touched.
        await using var endpoints = await Endpoints.StartAsync(options, state, metrics);
        using var generations = Generations.Join(folder, options.Instance);
        using var label = options.LabelNode ? NodeLabel.Start(options.Node, ClusterAccess.OfPod(), state, generations, logger) : null;
        var supervisor = new Supervisor(options, CgroupModes.Detect(), generations, folder, state, metrics, logger);
        await Task.Factory.StartNew(() => supervisor.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
