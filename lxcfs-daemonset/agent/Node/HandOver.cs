using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>How an agent that is told to stop leaves its node.</summary>
internal sealed class HandOver(Generations generations, Healer healer, AgentState state, ILogger logger)
{
    /// <summary>Less than the 30 s that a kubelet gives.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when nothing needs this LXCFS any more.</summary>
    public void Run(LxcfsProcess lxcfs, ServedFiles served)
    {
        if (generations.HasStandby)
        {
            Log.Stopping(logger, "another agent takes the containers over");
            generations.GiveUp();
            AwaitUnused(lxcfs, served.Device);
            return;
        }

        Log.Stopping(logger, "no other agent is there, so the node is without LXCFS until the next one starts");
        generations.AsOwner(() => healer.Withdraw(Remounter.Reading));
        generations.GiveUp();
    }

    /// <summary>
    /// A successor, or one that stands by, moves every container away from this LXCFS; until then it must serve. Twice unused,
    /// since between two looks a container may have been given its files.
    /// </summary>
    private void AwaitUnused(LxcfsProcess lxcfs, string device)
    {
        var started = Stopwatch.GetTimestamp();
        var unused = 0;
        while (unused < 2 && Stopwatch.GetElapsedTime(started) < Longest && !lxcfs.Exited.Wait(Look))
        {
            state.Beat();
            unused = healer.IsInUse(device) ? 0 : unused + 1;
        }
    }
}
