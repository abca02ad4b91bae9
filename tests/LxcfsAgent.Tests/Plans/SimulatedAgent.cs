using LxcfsAgent.Apply;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Plans;

/// <summary>
/// An agent of a simulated node. Its turn is in two halves, so that others come between what it has seen and what it does; it remembers
/// from one to the next what the agent's loop does, and holds the lock where the real one does.
/// </summary>
internal sealed class SimulatedAgent
{
    private readonly SimulatedNode _node;
    private readonly SimulatedRunner _runner;
    private RetrySchedule _retries = new();
    private NodeSnapshot _memory = new() { Root = SimulatedNode.Root, ScanTook = TimeSpan.FromMilliseconds(2) };
    private NodeSnapshot? _seen;

    public SimulatedAgent(SimulatedNode node, int pod, long generation)
    {
        (_node, Pod, Generation) = (node, pod, generation);
        _runner = new(node, generation);
    }

    public int Pod { get; }

    public long Generation { get; }

    /// <summary>Whether an LXCFS of its comes to right answers.</summary>
    public bool Works { get => _runner.Works; set => _runner.Works = value; }

    public bool StopRequested { get; set; }

    /// <summary>How many of its next actions fail.</summary>
    public int Failures { get; set; }

    public NodePlan Plan { get; private set; } = new(Phase.Starting);

    public Phase Phase => _memory.Phase;

    public SimulatedLxcfs? Lxcfs => _runner.Lxcfs;

    public bool IsRight => _runner.IsRight;

    /// <summary>How many actions it has carried out.</summary>
    public int Done { get; private set; }

    /// <summary>Is told each way from a phase to another.</summary>
    public Action<Phase, Phase> Became { get; init; } = (_, _) => { };

    public void Hang() => _runner.Hang();

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
        if ((_memory.StopRequested || _memory.Phase == Phase.SteppingBack ? WithdrawFiles.Cause : _runner.RightAt) is { } cause)
            _retries.Begin(cause);
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
        var lxcfs = _runner.Observe();
        var living = _node.Agents.Select(agent => agent.Generation).Order().ToList();
        return _memory with
        {
            Now = _node.Now,
            Retries = _retries.Retries,
            Scan = null,
            Agents = new(Joined: true, Generation, _node.Owner, living),
            Lxcfs = lxcfs,
            StartDue = _runner.StartDue,
            LastError = _runner.LastError,
            Adoptable = lxcfs is not null ? null : _node.Lxcfs.Find(one => one.Generation == Generation && one.Runs)?.MountPoint,
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
                _runner.Start();
                return true;
            case AdoptLxcfs adopt:
                _runner.Adopt(adopt.MountPoint);
                return true;
            case StopLxcfs stop:
                _runner.Stop(stop.Reason, wanted: Plan.Phase == Phase.Stopped);
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
                Note(_node.Work(repair.Containers, repair.MountPoint), repair.MountPoint);
                break;
            case WithdrawFiles withdraw:
                Note(_node.Withdraw(withdraw.Containers), WithdrawFiles.Cause);
                break;
            case RestoreFiles restore:
                Note(_node.Restore(restore, _retries.TimesOf), restore.MountPoint);
                break;
            case RemoveMountPoint remove:
                _node.Remove(remove.Path);
                break;
            default:
                throw new InvalidOperationException($"{action}");
        }
    }

    /// <summary>As the agent does: what has to be done to a container again and again waits.</summary>
    private void Note(IEnumerable<WorkOutcome> outcomes, string cause)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Gone)
                _retries.Forget(outcome.Namespace);
            else
                _retries.Done(outcome.Namespace, cause, _node.Now, ContainerActions.Repeats);
        }
    }
}
