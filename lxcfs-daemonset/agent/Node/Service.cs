using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>What an agent does while its LXCFS serves: take ROOT over, heal, watch, and hand over when it is stopped.</summary>
internal sealed class Service(
    AgentOptions options,
    Generations generations,
    StateFolder folder,
    NodeMounts mounts,
    Healer healer,
    AgentState state,
    AgentMetrics metrics,
    ILogger logger)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After a takeover, containers that were just starting may have been given the predecessor's files: look often for as
    /// long as a predecessor has to stop.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    /// <summary>Less than the 30 s that a kubelet gives.</summary>
    private static readonly TimeSpan HandOverTime = TimeSpan.FromSeconds(20);

    private long _takenOver;
    private long _healed;
    private long _probed;
    private Role? _role;

    /// <summary>Returns when LXCFS has ended, hung and been killed, was cleaned up, or the agent is to stop and nothing needs it.</summary>
    public void Serve(LxcfsProcess lxcfs, ServedFiles served, IReadOnlyCollection<string> earlier, CancellationToken stop)
    {
        metrics.LxcfsUp.Set(1);
        _probed = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            state.Beat();
            if (!TakeTurn(served, lxcfs, earlier))
                return;
            state.Ready();
            if (WaitHandle.WaitAny([lxcfs.Exited.WaitHandle, stop.WaitHandle], Tick) == 0 || !Answers(lxcfs))
            {
                state.Unready("LXCFS ended and is started again");
                metrics.Restarts.Add(1);
                Log.Ended(logger, lxcfs.Id);
                return;
            }
        }

        HandOver(lxcfs, served);
    }

    /// <returns>False when LXCFS was cleaned up from the node.</returns>
    private bool TakeTurn(ServedFiles served, LxcfsProcess lxcfs, IReadOnlyCollection<string> earlier)
    {
        var role = generations.Role;
        if (role == Role.Withdrawn)
            return false;
        if (role == Role.Claimant || (role == Role.Owner && _takenOver == 0))
        {
            generations.AsOwner(() => TakeOver(served, lxcfs, earlier));
            role = generations.Role;
        }
        else if (role == Role.Owner && Stopwatch.GetElapsedTime(_healed) >= ScanPeriod)
        {
            generations.AsOwner(() => Heal(served, []));
        }
        else if (role == Role.Standby)
        {
            _takenOver = 0;
        }

        if (role != _role)
            Log.Became(logger, role);
        _role = role;
        metrics.Owner.Set(role == Role.Owner ? 1 : 0);
        return true;
    }

    private TimeSpan ScanPeriod =>
        Stopwatch.GetElapsedTime(_takenOver) < Settling && options.Scan > ProbeEvery ? ProbeEvery : options.Scan;

    private void TakeOver(ServedFiles served, LxcfsProcess lxcfs, IReadOnlyCollection<string> earlier)
    {
        foreach (var path in mounts.Publish(served))
            Log.LitterRemoved(logger, path);
        healer.Restore(served);
        Heal(served, earlier);
        Orphans.Remove(folder, generations.Generation, lxcfs.MountPoint);
        _takenOver = Stopwatch.GetTimestamp();
    }

    private void Heal(ServedFiles served, IEnumerable<string> earlier)
    {
        // Somebody may have unmounted or covered it.
        mounts.Publish(served);
        healer.Heal(served, earlier);
        _healed = Stopwatch.GetTimestamp();
    }

    private bool Answers(LxcfsProcess lxcfs)
    {
        if (Stopwatch.GetElapsedTime(_probed) < ProbeEvery)
            return true;
        var answer = FuseRead.Try(lxcfs.MountPoint + "/proc/uptime", options.Probe);
        _probed = Stopwatch.GetTimestamp();
        if (answer == FuseAnswer.Data)
            return true;
        if (answer == FuseAnswer.None)
            Log.Hung(logger, lxcfs.Id, options.Probe.TotalSeconds);
        lxcfs.Kill();
        return false;
    }

    /// <summary>
    /// A successor, or one that stands by, moves every container away from this LXCFS; until then it must serve.
    /// </summary>
    private void HandOver(LxcfsProcess lxcfs, ServedFiles served)
    {
        if (!generations.HasStandby)
        {
            Log.Stopping(logger, "no other agent is there, so the node is without LXCFS until the next one starts");
            generations.AsOwner(healer.Withdraw);
            generations.GiveUp();
            return;
        }

        Log.Stopping(logger, "another agent takes the containers over");
        generations.GiveUp();
        var started = Stopwatch.GetTimestamp();
        var unused = 0;
        while (unused < 2 && Stopwatch.GetElapsedTime(started) < HandOverTime && !lxcfs.Exited.Wait(100))
        {
            state.Beat();
            unused = healer.IsInUse(served.Device) ? 0 : unused + 1;
        }
    }
}
