using LxcfsAgent.Lxcfs;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>The LXCFS of a simulated agent, from its start or adoption to its end.</summary>
internal sealed class SimulatedRunner(SimulatedNode node, long generation)
{
    private readonly RestartBackoff _backoff = new();
    private LxcfsHealth _health;
    private TimeSpan _right;

    /// <summary>Whether one comes to right answers.</summary>
    public bool Works { get; set; } = true;

    public SimulatedLxcfs? Lxcfs { get; private set; }

    public TimeSpan StartDue { get; private set; }

    public string? LastError { get; private set; }

    public bool IsRight => Lxcfs is { Runs: true } && _health == LxcfsHealth.Right;

    /// <summary>Where it is mounted, once it has come to right values.</summary>
    public string? RightAt => _right > TimeSpan.Zero ? Lxcfs?.MountPoint : null;

    public void Hang() => _health = Lxcfs is null ? _health : LxcfsHealth.Hung;

    public void Start() => (Lxcfs, _health) = (node.Start(generation), LxcfsHealth.Starting);

    public void Adopt(string mountPoint)
    {
        Lxcfs = node.Lxcfs.Find(one => one.MountPoint == mountPoint && one.Runs) ?? throw new IOException("it is gone");
        _health = LxcfsHealth.Starting;
    }

    public void Stop(string reason, bool wanted)
    {
        node.Remove(Lxcfs!.MountPoint);
        if (!wanted)
            (StartDue, LastError) = (node.Now + _backoff.After(_right > TimeSpan.Zero ? node.Now - _right : TimeSpan.Zero), reason);
        (Lxcfs, _right) = (null, TimeSpan.Zero);
    }

    public LxcfsState? Observe()
    {
        if (Lxcfs is null)
            return null;
        if (_health == LxcfsHealth.Starting)
        {
            _health = Works ? LxcfsHealth.Right : LxcfsHealth.Wrong;
            (Lxcfs.IsMounted, _right) = (true, node.Now);
            LastError = Works ? null : LastError;
        }

        if (!Lxcfs.Runs)
            _health = LxcfsHealth.Ended;
        return new(Lxcfs.Pid, Lxcfs.MountPoint, _health, Lxcfs.IsMounted ? Lxcfs.Device : null);
    }
}
