using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>
/// Keeps one LXCFS running, whatever happens to it. One thread, which ends only when it is told to stop: an agent that exits
/// costs its node the kubelet's backoff.
/// </summary>
internal sealed class Supervisor(
    AgentOptions options, CgroupMode mode, Generations generations, StateFolder folder, AgentState state, AgentMetrics metrics, ILogger logger)
{
    private readonly NodeMounts _mounts = new(options.Root, folder.Path);
    private readonly Healer _healer = new(new(options.Root, folder.Path), new(folder.WithdrawnFile), metrics, logger);
    private readonly Proving _proving = new(mode, options.Probe, state);
    private readonly Backoff _backoff = new();

    public void Run(CancellationToken stop)
    {
        Log.Joined(logger, generations.Generation, options.Root, mode);
        while (!stop.IsCancellationRequested)
        {
            state.Beat();
            if (generations.Role == Role.Withdrawn)
            {
                state.Unready("LXCFS was cleaned up from this node; delete this pod to serve it again");
                stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
                continue;
            }

            var (served, fault) = TryCycle(stop);
            metrics.LxcfsUp.Set(0);
            var pause = _backoff.After(served);
            if (fault is not null && !stop.IsCancellationRequested && generations.Role != Role.Withdrawn)
            {
                state.Unready(fault);
                Log.Failed(logger, fault, pause.TotalSeconds);
            }

            if (pause > TimeSpan.Zero)
                StepBack();
            stop.WaitHandle.WaitOne(pause);
        }
    }

    /// <summary>The life of one LXCFS, from its start to its end.</summary>
    /// <returns>For how long it served, and what kept it from serving.</returns>
    private (TimeSpan Served, string? Fault) TryCycle(CancellationToken stop)
    {
        string? mountPoint = null;
        try
        {
            mountPoint = generations.NewMountPoint();
            return Cycle(mountPoint, stop);
        }
#pragma warning disable CA1031 // To exit would cost the node the kubelet's backoff; to try again costs nothing.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Broke(logger, exception);
            return (TimeSpan.Zero, exception.Message);
        }
        finally
        {
            if (mountPoint is not null)
                NodeMounts.Remove(mountPoint);
        }
    }

    private (TimeSpan Served, string? Fault) Cycle(string mountPoint, CancellationToken stop)
    {
        // They were mounted by earlier ones, which the containers may still be bound to when ROOT is not.
        var earlier = _mounts.All().Select(mount => mount.Device).ToList();
        using var lxcfs = LxcfsProcess.Start(mode == CgroupMode.V2 ? options.LxcfsV2 : options.LxcfsV1, mountPoint, new Chatter(logger).Say);
        var started = Stopwatch.GetTimestamp();
        if (_proving.Await(lxcfs, stop) is { } fault)
            return (TimeSpan.Zero, fault);

        Log.Right(logger, lxcfs.Id, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        using var served = ServedFiles.Open(mountPoint, NodeMounts.DeviceAt(mountPoint) ?? "");
        var ownership = new Ownership(options.Scan, generations, folder, _mounts, _healer, served, mountPoint, earlier, logger);
        var handOver = new HandOver(generations, _healer, state, logger);
        started = Stopwatch.GetTimestamp();
        new Service(options, ownership, handOver, state, metrics, logger).Serve(lxcfs, served, stop);
        return (Stopwatch.GetElapsedTime(started), null);
    }

    /// <summary>Before a pause: leaves nobody with a dead LXCFS meanwhile.</summary>
    private void StepBack()
    {
        try
        {
            if (!generations.HasStandby)
                generations.AsOwner(() => _healer.Withdraw(patience: TimeSpan.Zero));
            else if (generations.Role == Role.Owner)
                generations.GiveUp();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Broke(logger, exception);
        }
    }
}
