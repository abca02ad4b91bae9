using LxcfsAgent.Native;

namespace LxcfsAgent.Node;

/// <summary>What an agent is to the node.</summary>
internal enum Role
{
    /// <summary>Serves ROOT and mends containers.</summary>
    Owner,

    /// <summary>Another agent does; this one stands by.</summary>
    Standby,

    /// <summary>Nobody does: the owner died or gave up, or an older generation than this one does.</summary>
    Claimant,

    /// <summary>LXCFS was cleaned up from this node; nobody may serve until a new agent joins.</summary>
    Withdrawn,
}

/// <summary>
/// Decides among the agents of a node, whatever the order in which they start, die and are restarted. Each instance (a pod,
/// not a container: the kubelet restarts containers) has a generation, counted up under a lock, and holds a lease that dies
/// with its process. The highest generation that works is the owner; one that is superseded stands by with its LXCFS
/// running, and takes over again should the owner go away.
/// </summary>
internal sealed class Generations : IDisposable
{
    private const long Nobody = 0;

    /// <summary>
    /// How many generations a node remembers. A DaemonSet has two pods on a node at most, so one that so many have followed is
    /// gone; were it to come back after all, it would only be taken for a new one.
    /// </summary>
    private const int Remembered = 16;

    private readonly StateFolder _folder;
    private readonly FileLock _lease;

    private Generations(StateFolder folder, long generation, FileLock lease)
    {
        _folder = folder;
        _lease = lease;
        Generation = generation;
    }

    public long Generation { get; }

    /// <summary>Takes the instance's generation, or the next one where it has none.</summary>
    public static Generations Join(StateFolder folder, string instance)
    {
        folder.Create();
        using var guard = folder.Lock();
        var own = folder.ReadNumber(StateFolder.Instance(instance));
        if (own > 0 && Patiently(folder, own) is { } kept)
            return new(folder, own, kept);

        var next = folder.ReadNumber(StateFolder.Last) + 1;
        folder.WriteNumber(StateFolder.Last, next);
        folder.WriteNumber(StateFolder.Instance(instance), next);
        folder.Forget(next - Remembered);
        return new(folder, next, Patiently(folder, next) ?? throw new IOException($"the lease of generation {next} is taken"));
    }

    /// <summary>Others hold a lease for a moment, too, when they ask whether it is held.</summary>
    private static FileLock? Patiently(StateFolder folder, long generation)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (folder.TryLease(generation) is { } lease)
                return lease;
            Thread.Sleep(10);
        }

        return null;
    }

    /// <summary>A folder for the mount of a new process of LXCFS, used by no other before.</summary>
    public string NewMountPoint()
    {
        using var guard = _folder.Lock();
        var number = _folder.ReadNumber(StateFolder.Starts) + 1;
        _folder.WriteNumber(StateFolder.Starts, number);
        return _folder.MountPoint(Generation, number);
    }

    public Role Role
    {
        get
        {
            if (!_folder.Exists)
                return Role.Withdrawn;
            var owner = _folder.ReadNumber(StateFolder.Owner);
            return owner == Generation ? Role.Owner : owner < Generation || !_folder.IsLeased(owner) ? Role.Claimant : Role.Standby;
        }
    }

    /// <summary>Runs the work if this agent is the owner or may become it, with every other agent held off meanwhile.</summary>
    /// <returns>Whether it was run.</returns>
    public bool AsOwner(Action work)
    {
        if (!_folder.Exists)
            return false;
        using var guard = _folder.Lock();
        if (Role is Role.Standby or Role.Withdrawn)
            return false;
        if (Role == Role.Claimant)
            _folder.WriteNumber(StateFolder.Owner, Generation);
        work();
        return true;
    }

    /// <summary>Lets another agent take over, now.</summary>
    public void GiveUp()
    {
        if (!_folder.Exists)
            return;
        using var guard = _folder.Lock();
        if (_folder.ReadNumber(StateFolder.Owner) == Generation)
            _folder.WriteNumber(StateFolder.Owner, Nobody);
    }

    /// <summary>Whether another agent lives that could take over.</summary>
    public bool HasStandby => _folder.Exists && _folder.Leases().Any(generation => generation != Generation && _folder.IsLeased(generation));

    public void Dispose() => _lease.Dispose();
}
