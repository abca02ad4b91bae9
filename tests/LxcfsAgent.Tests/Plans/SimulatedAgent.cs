using LxcfsAgent.Apply;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>
/// An agent of a simulated node. Its turn is in two halves, so that others come between what it has seen and what it does; it remembers
/// from one to the next what the agent's loop does, and holds the lock where the real one does.
/// </summary>
internal sealed class SimulatedAgent
{
    private readonly SimulatedNode _node;
    private RetrySchedule _retries = new();
    private readonly RestartBackoff _backoff = new();
    private NodeSnapshot _memory = new() { Root = SimulatedNode.Root, ScanTook = TimeSpan.FromMilliseconds(2) };
    private NodeSnapshot? _seen;
    private SimulatedLxcfs? _lxcfs;
    private LxcfsHealth _health;
    private TimeSpan _right;
    private TimeSpan _startDue;
    private string? _lastError;

    public SimulatedAgent(SimulatedNode node, int pod, long generation) => (_node, Pod, Generation) = (node, pod, generation);

    public int Pod { get; }

    public long Generation { get; }

    /// <summary>Whether an LXCFS of its comes to right answers.</summary>
    public bool Works { get; set; } = true;

    public bool StopRequested { get; set; }

    /// <summary>How many of its next actions fail.</summary>
    public int Failures { get; set; }

    public NodePlan Plan { get; private set; } = new(Phase.Starting);

    public Phase Phase => _memory.Phase;

    public SimulatedLxcfs? Lxcfs => _lxcfs;

    public bool IsRight => _lxcfs is { Runs: true } && _health == LxcfsHealth.Right;

    /// <summary>How many actions it has carried out.</summary>
    public int Done { get; private set; }

    /// <summary>Is told each way from a phase to another.</summary>
    public Action<Phase, Phase> Became { get; init; } = (_, _) => { };

    public void Hang() => _health = _lxcfs is null ? _health : LxcfsHealth.Hung;

    public void TakeTurn()
    {
        Look();
        Act();
    }

    /// <summary>Nothing fails any more, and nothing that failed is waited for.</summary>
    public void Recover() => (Failures, _retries) = (0, new());

    /// <summary>Observes and plans.</summary>
    public void Look()
    {
        _retries.Expire(_node.Now);
        if (StopRequested && !_memory.StopRequested)
            _memory = _memory with { StopRequested = true, StopSince = _node.Now };
        var node = Observe();
        if (Plan.Scan)
        {
            var skip = node.Retries.Where(retry => retry.Value.Due > node.Now).Select(retry => retry.Key).ToList();
            node = node with { Scan = _node.Scan(Plan.Details ? null : node.Lxcfs?.Device, skip, Plan.Details) };
        }

        var plan = Planner.Plan(node);
        PlanRules.Check(node, plan);
        if (plan.Phase != _memory.Phase)
        {
            Became(_memory.Phase, plan.Phase);
            _memory = _memory with { PhaseSince = node.Now };
        }

        _memory = _memory with { Phase = plan.Phase, UnusedLooks = plan.UnusedLooks, Repaired = plan.Phase == Phase.Owner && plan.Repaired };
        (_seen, Plan) = (node, plan);
    }

    /// <summary>Applies what was planned.</summary>
    public void Act()
    {
        if (_seen is not { } seen)
            return;
        _seen = null;
        foreach (var action in Plan.Actions)
        {
            if (!Apply(action, seen))
                break;
        }

        if (Plan.Actions.Count > 0)
            _memory = _memory with { ScanDue = seen.Now };
        else if (Plan.NextScan is { } next)
            _memory = _memory with { ScanDue = seen.Now + next };
    }

    private NodeSnapshot Observe()
    {
        if (_lxcfs is not null && _health == LxcfsHealth.Starting)
        {
            _health = Works ? LxcfsHealth.Right : LxcfsHealth.Wrong;
            (_lxcfs.IsMounted, _right) = (true, _node.Now);
            _lastError = Works ? null : _lastError;
        }

        if (_lxcfs is { Runs: false })
            _health = LxcfsHealth.Ended;
        var living = _node.Agents.Select(agent => agent.Generation).Order().ToList();
        return _memory with
        {
            Now = _node.Now,
            Retries = _retries.Retries,
            Scan = null,
            Agents = new(Joined: true, Generation, _node.Owner, living),
            Lxcfs = _lxcfs is null ? null : new(_lxcfs.Pid, _lxcfs.MountPoint, _health, _lxcfs.IsMounted ? _lxcfs.Device : null),
            StartDue = _startDue,
            LastError = _lastError,
            Adoptable = _lxcfs is not null ? null : _node.Lxcfs.Find(one => one.Generation == Generation && one.Runs)?.MountPoint,
            AtRoot = [.. _node.AtRoot],
            AtMountPoints = [.. _node.Lxcfs.Where(one => one.IsMounted).Select(one => new NodeMount(one.MountPoint, one.Device, IsLxcfs: true))],
            MountPoints = [.. _node.MountPoints.Select(point => new MountPoint(point.Key, point.Value))],
            Withdrawn = _node.Withdrawn,
        };
    }

    private bool Apply(NodeAction action, NodeSnapshot seen)
    {
        Done++;
        try
        {
            if (Failures > 0)
            {
                Failures--;
                throw new IOException("it fails");
            }

            var done = Execute(action);
            _retries.Forget(action.Key);
            return done;
        }
        catch (IOException exception)
        {
            _retries.Failed(action.Key, exception.Message, seen.Now);
            return false;
        }
    }

    private bool Execute(NodeAction action)
    {
        switch (action)
        {
            case StartLxcfs:
                (_lxcfs, _health) = (_node.Start(Generation), LxcfsHealth.Starting);
                return true;
            case AdoptLxcfs adopt:
                _lxcfs = _node.Lxcfs.Find(one => one.MountPoint == adopt.MountPoint && one.Runs) ?? throw new IOException("it is gone");
                _health = LxcfsHealth.Starting;
                return true;
            case StopLxcfs stop:
                _node.Remove(_lxcfs!.MountPoint);
                if (Plan.Phase != Phase.Stopped)
                    (_startDue, _lastError) = (_node.Now + _backoff.After(_right > TimeSpan.Zero ? _node.Now - _right : TimeSpan.Zero), stop.Reason);
                (_lxcfs, _right) = (null, TimeSpan.Zero);
                return true;
            case ClaimNode claim:
                if (_node.Owner != claim.From || (_node.Owner > Generation && _node.Agents.Exists(agent => agent.Generation == _node.Owner)))
                    return false;
                _node.Owner = Generation;
                return true;
            case ReleaseNode:
                if (_node.Owner == Generation)
                    _node.Owner = 0;
                return true;
            default:
                if (_node.Owner != Generation)
                    return false;
                ExecuteAsOwner(action);
                return true;
        }
    }

    private void ExecuteAsOwner(NodeAction action)
    {
        switch (action)
        {
            case PublishRoot publish:
                _node.Publish(publish.MountPoint);
                break;
            case UnpublishRoot:
                _node.Unpublish();
                break;
            case RepairContainers repair:
                _node.Work(repair.Containers, repair.MountPoint);
                break;
            case WithdrawFiles withdraw:
                _node.Withdraw(withdraw.Containers);
                break;
            case RestoreFiles restore:
                _node.Restore(restore);
                break;
            case RemoveMountPoint remove:
                _node.Remove(remove.Path);
                break;
            default:
                throw new InvalidOperationException($"{action}");
        }
    }
}
