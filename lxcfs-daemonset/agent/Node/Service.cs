using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>The watch over one LXCFS that serves: the agent's turns, from the first to the end of LXCFS or of the agent.</summary>
internal sealed class Service(
    AgentOptions options, Ownership ownership, HandOver handOver, AgentState state, AgentMetrics metrics, ILogger logger)
{
    /// <summary>How soon an owner notices a cleanup; the end of its LXCFS wakes it at once.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How soon an agent that stands by notices that the owner is gone.</summary>
    private static readonly TimeSpan StandbyTick = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly Hanging _hanging = new(options.Probe);
    private Role? _role;

    /// <summary>Returns when LXCFS has ended, hung and been killed, was cleaned up, or the agent is to stop and nothing needs it.</summary>
    public void Serve(LxcfsProcess lxcfs, ServedFiles served, CancellationToken stop)
    {
        using var heartbeat = new Heartbeat(lxcfs.MountPoint + "/proc/uptime");
        metrics.LxcfsUp.Set(1);
        while (!stop.IsCancellationRequested)
        {
            state.Beat();
            if (TakeTurn() == Role.Withdrawn)
                return;
            state.Ready();
            WaitHandle.WaitAny([lxcfs.Exited.WaitHandle, heartbeat.Failed, stop.WaitHandle], Pause(heartbeat));
            if (Lives(lxcfs, heartbeat))
                continue;
            state.Unready("LXCFS ended and is started again");
            metrics.Restarts.Add(1);
            Log.Ended(logger, lxcfs.Id);
            return;
        }

        handOver.Run(lxcfs, served);
    }

    private Role TakeTurn()
    {
        var role = ownership.TakeTurn();
        if (role != _role && role != Role.Withdrawn)
            Log.Became(logger, role);
        _role = role;
        metrics.Owner.Set(role == Role.Owner ? 1 : 0);
        return role;
    }

    private TimeSpan Pause(Heartbeat heartbeat)
    {
        var pause = _role == Role.Standby ? StandbyTick : Tick;
        if (_role == Role.Owner && ownership.Due < pause)
            pause = ownership.Due;
        if (heartbeat.Owed > TimeSpan.Zero && Hanging.Every < pause)
            pause = Hanging.Every;
        return pause > Shortest ? pause : Shortest;
    }

    /// <summary>One that answers no more is killed, so that whoever waits for it gets an error at least.</summary>
    private bool Lives(LxcfsProcess lxcfs, Heartbeat heartbeat)
    {
        if (Hangs(lxcfs, heartbeat.Owed))
            Log.Hung(logger, lxcfs.Id, heartbeat.Owed.TotalSeconds);
        else if (!heartbeat.Failed.WaitOne(TimeSpan.Zero))
            return !lxcfs.Exited.IsSet;
        lxcfs.Kill();
        return false;
    }

    private bool Hangs(LxcfsProcess lxcfs, TimeSpan owed)
    {
        // It mostly owes nothing, and then needs no look at what it does.
        var wasSlow = _hanging.IsSlow;
        var hangs = _hanging.Look(owed, owed > TimeSpan.Zero ? ProcessActivity.Of(lxcfs.Id) : default);
        if (_hanging.IsSlow && !wasSlow && !hangs)
            Log.Slow(logger, lxcfs.Id, owed.TotalSeconds);
        return hangs;
    }
}
