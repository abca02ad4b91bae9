using System.Diagnostics;
using LxcfsAgent.Commands;
using LxcfsAgent.Delivery;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Observe;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Apply;

/// <summary>
/// The agent's one loop: observe, plan, apply. It ends only when it was told to stop: whatever fails, LXCFS goes on serving, and the next
/// turn tries again.
/// </summary>
internal sealed class AgentLoop(
    AgentOptions options,
    string? kernelLacks,
    NodeObserver observer,
    ActionExecutor executor,
    LxcfsRunner lxcfs,
    ContainerLook look,
    RetrySchedule retries,
    AgentState state,
    NodeDelivery? delivery,
    AgentMetrics metrics,
    ILogger logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan AfterError = TimeSpan.FromSeconds(1);

    /// <summary>What has ended and could not be seen to would end every wait at once.</summary>
    private static readonly TimeSpan LeastAfterError = TimeSpan.FromMilliseconds(100);

    private readonly KnownDevices _known = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private NodeSnapshot _memory = new() { Root = options.Root, ScanEvery = options.Scan, KernelLacks = kernelLacks };
    private NodePlan _plan = new(Phase.Starting);

    private bool _hasFailed;
    private (int Retries, int Named, bool? Registered) _told = (-1, 0, null);
    private string _unknown = "";

    private TimeSpan Now => Stopwatch.GetElapsedTime(_started);

    /// <summary>What things are done to containers for at this moment; null while nothing is.</summary>
    private string? Cause => _memory.StopRequested || _memory.Phase == Phase.SteppingBack ? WithdrawFiles.Cause : lxcfs.RightAt;

    public void Run(CancellationToken stop)
    {
        while (_plan.Phase != Phase.Stopped)
        {
            state.Beat();
            var wait = AfterError;
            _hasFailed = false;
            try
            {
                wait = TakeTurn(stop.IsCancellationRequested);
            }
#pragma warning disable CA1031 // To exit would cost the node a restart of the agent; to try again costs nothing.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                metrics.Errors.Add(1);
                Log.TurnFailed(logger, exception);
                _hasFailed = true;
            }

            if (_hasFailed)
                Thread.Sleep(LeastAfterError);
            if (_plan.Phase != Phase.Stopped)
                Wait(wait, stop);
        }
    }

    /// <returns>How long to wait for the next one, unless something happens.</returns>
    private TimeSpan TakeTurn(bool stopRequested)
    {
        var now = Now;
        retries.Expire(now);
        look.Release();
        if (stopRequested && !_memory.StopRequested)
            _memory = _memory with { StopRequested = true, StopSince = now };
        if (Cause is { } cause)
            retries.Begin(cause);
        var node = observer.Observe(_memory with { Now = now, Known = _known.All, Retries = retries.Retries, Scan = null });
        _known.Note(node);
        TellUnknown(node.Agents);
        if (_plan.Scan)
        {
            node = Scan(node);
            _known.Forget(node);
        }

        var plan = Planner.Plan(node);
        Enter(plan, now);
        foreach (var action in plan.Actions)
        {
            if (!Apply(action, node, wanted: plan.Phase is Phase.Stopped or Phase.CleanedUp))
                break;
        }

        if (plan.Actions.Count > 0)
            _memory = _memory with { ScanDue = now };
        else if (plan.NextScan is { } next)
            _memory = _memory with { ScanDue = now + next };
        _plan = plan;
        return plan.Wait;
    }

    private void TellUnknown(Agents agents)
    {
        metrics.Errors.Add(agents.Unknown.Count);
        var unknown = string.Join(", ", agents.Unknown);
        if (unknown.Length > 0 && unknown != _unknown)
            Log.UnknownAgents(logger, unknown);
        _unknown = unknown;
    }

    /// <summary>Where the phase is written, and told.</summary>
    private void Enter(NodePlan plan, TimeSpan now)
    {
        if (plan.Phase != _memory.Phase || _plan.Phase != plan.Phase)
        {
            _memory = _memory with { PhaseSince = now };
            Log.Became(logger, plan.Phase);
        }

        _memory = _memory with { Phase = plan.Phase, UnusedLooks = plan.UnusedLooks, Repaired = plan.Phase == Phase.Owner && plan.Repaired };
        var (named, told) = (delivery?.Named.All, (retries.Changes, delivery?.Named.Changes ?? 0, delivery?.IsRegistered));
        if (plan.Phase != state.Phase || told != _told)
        {
            _told = told;
            AgentMemory.Of(plan.Phase, retries.Retries, named, delivery?.IsRegistered).Write();
        }

        state.Set(plan.Phase, plan.NotReady);
        metrics.Registered.Set(delivery?.IsRegistered == true ? 1 : 0);
        metrics.Owner.Set(plan.Phase == Phase.Owner ? 1 : 0);
        metrics.LxcfsUp.Set(plan.Phase is Phase.Owner or Phase.Standby or Phase.HandingOver ? 1 : 0);
    }

    private bool Apply(NodeAction action, NodeSnapshot node, bool wanted)
    {
        try
        {
            var done = executor.Execute(action, node, wanted);
            retries.Forget(action.Key);
            return done;
        }
#pragma warning disable CA1031 // Whatever it is, the next snapshot shows what came of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            metrics.Errors.Add(1);
            retries.Failed(action.Key, exception.Message, node.Now);
            Log.ActionFailed(logger, action.Key, exception.Message);
            _hasFailed = true;
            return false;
        }
    }

    private NodeSnapshot Scan(NodeSnapshot node)
    {
        if (look.Take(node, _plan.Details) is not { } scan)
        {
            _memory = _memory with { ScanDue = node.Now + AfterError };
            return node with { ScanDue = _memory.ScanDue };
        }

        var used = TimeSpan.FromMicroseconds(scan.Summary.UsedMicroseconds);
        _memory = _memory with { ScanUsed = used };
        // Those that held it up are not to be tried at once, nor forgotten.
        return node with { Scan = scan, ScanUsed = used, Retries = retries.Retries };
    }

    private void Wait(TimeSpan wait, CancellationToken stop)
    {
        if (_plan.Actions.Count > 0 || _plan.Scan)
            wait = wait < Timing.HandOverTick ? wait : Timing.HandOverTick;
        if (lxcfs.Look < wait)
            wait = lxcfs.Look;
        // A token that is set would end every wait at once.
        List<WaitHandle> events = [.. lxcfs.Events, .. _memory.StopRequested || stop.IsCancellationRequested ? (WaitHandle[])[] : [stop.WaitHandle]];
        _ = WaitHandle.WaitAny([.. events], wait > Shortest ? wait : Shortest);
    }
}
