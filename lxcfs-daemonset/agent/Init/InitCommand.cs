using System.Runtime.InteropServices;
using LxcfsAgent.Native;
using LxcfsFunctions.Hosting;

namespace LxcfsAgent.Init;

/// <summary>
/// <c>lxcfs-agent init</c>, the first process of the container, which lasts as long as this process does. It starts the agent
/// and keeps it, and becomes the parent of what a dead agent leaves: the LXCFS that serves the node lives on.
/// </summary>
internal static class InitCommand
{
    /// <returns>What <see cref="AgentKeeper.Run"/> does.</returns>
    public static int Run()
    {
        using var logging = LoggerFactory.Create(logging => logging.AddJsonLines());
        if (ProcessCalls.PrCtl(ProcessCalls.PrSetChildSubreaper, 1, 0, 0, 0) != 0)
            throw Descriptor.Failed("prctl PR_SET_CHILD_SUBREAPER");
        using var output = Pipe.Create();
        // By its path: the kernel names a process by the last part of it, and so do ps and the lines on who ran out of memory.
        var agent = new Spawn(Environment.ProcessPath ?? "/proc/self/exe", ["lxcfs-agent", "run"])
        {
            Environment = new Dictionary<string, string> { [LxcfsOutput.Variable] = LxcfsOutput.Value },
            Descriptors = new Dictionary<int, Descriptor> { [LxcfsOutput.ReadNumber] = output.Read, [LxcfsOutput.WriteNumber] = output.Write },
        };
        using var keeper = new AgentKeeper(agent, logging.CreateLogger("init"));
        using var ended = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => keeper.ChildEnded());
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ProcessCalls.SigTerm));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ProcessCalls.SigInt));
        return keeper.Run();

        void Stop(PosixSignalContext context, int signal)
        {
            context.Cancel = true;
            keeper.Stop(signal);
        }
    }
}
