using LxcfsAgent.Apply;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>
/// An agent of a simulated node. Its turn is in two halves, so that others come between what it has seen and what it does; it remembers
/// from one to the next what the agent's loop does, and holds the lock where the real one does.
/// </summary>
internal sealed class SimulatedAgent
{
    private readonly SimulatedNode _node;
    private readonly SimulatedRunner _runner;
    private readonly SimulatedExecutor _executor;
    private RetrySchedule _retries = new();
    private NodeSnapshot _memory = new() { Root = SimulatedNode.Root, ScanUsed = TimeSpan.FromMilliseconds(2) };
    private NodeSnapshot? _seen;

    public SimulatedAgent(SimulatedNode node, int pod, long generation)
    {
        (_node, Pod, Generation) = (node, pod, generation);
        _runner = new(node, generation);
        _executor = new(node, _runner, generation);
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

            var done = _executor.Execute(action, wanted: Plan.Phase == Phase.Stopped, _retries);
            _retries.Forget(action.Key);
            return done;
        }
        catch (IOException exception)
        {
            _retries.Failed(action.Key, exception.Message, seen.Now);
            return false;
        }
    }
}
