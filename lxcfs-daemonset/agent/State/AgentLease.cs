using System.ComponentModel;
using LxcfsAgent.Native;
using LxcfsAgent.Plan;

namespace LxcfsAgent.State;

/// <summary>
/// This agent's place among those of its node. Each instance (a pod, not a container: the kubelet restarts containers) has a generation,
/// counted up under a lock, and holds a lease that dies with its process. The highest generation that works is the owner; one that is
/// superseded stands by with its LXCFS running, and takes over again should the owner go away.
/// </summary>
internal sealed class AgentLease : IDisposable
{
    private const long Nobody = 0;

    /// <summary>
    /// How many generations a node remembers. A DaemonSet has two pods on a node at most, so one that so many have followed is
    /// gone; were it to come back after all, it would only be taken for a new one.
    /// </summary>
    private const int Remembered = 16;

    private readonly StateFolder _folder;
    private readonly FileLock _lease;

    private AgentLease(StateFolder folder, long generation, FileLock lease)
    {
        _folder = folder;
        _lease = lease;
        Generation = generation;
    }

    public long Generation { get; }

    /// <summary>Takes the instance's generation, or the next one where it has none.</summary>
    public static AgentLease Join(StateFolder folder, string instance)
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

    public Agents Observe()
    {
        // Where a cleanup took the folder away and a new agent made another one, this agent's lease is in the folder that is gone.
        var leases = _folder.Leases().ToList();
        if (!leases.Contains(Generation))
            return new(Joined: false, Generation);
        List<long> unknown = [];
        List<long> living = [.. leases.Where(generation => generation == Generation || IsLeased(generation, unknown)).Order()];
        return new(Joined: true, Generation, _folder.ReadNumber(StateFolder.Owner), living) { Unknown = unknown };
    }

    /// <summary>Takes the node, if its owner is still who was seen.</summary>
    /// <returns>Whether this agent is the owner now.</returns>
    public bool TryClaim(long from)
    {
        using var guard = _folder.Lock();
        var owner = _folder.ReadNumber(StateFolder.Owner);
        if (owner != from || (owner > Generation && _folder.IsLeased(owner)))
            return false;
        _folder.WriteNumber(StateFolder.Owner, Generation);
        return true;
    }

    /// <summary>Lets another agent take over, now.</summary>
    public void Release()
    {
        using var guard = _folder.Lock();
        if (Owns())
            _folder.WriteNumber(StateFolder.Owner, Nobody);
    }

    public bool Owns() => _folder.Exists && _folder.ReadNumber(StateFolder.Owner) == Generation;

    /// <summary>A folder for the mount of a new process of LXCFS, used by no other before.</summary>
    public string NewMountPoint()
    {
        using var guard = _folder.Lock();
        var number = _folder.ReadNumber(StateFolder.Starts) + 1;
        _folder.WriteNumber(StateFolder.Starts, number);
        return _folder.MountPoint(Generation, number);
    }

    public void Dispose() => _lease.Dispose();

    /// <summary>Who can't be asked counts as one that lives: nothing of it is taken.</summary>
    private bool IsLeased(long generation, List<long> unknown)
    {
        try
        {
            return _folder.IsLeased(generation);
        }
        catch (Win32Exception)
        {
            unknown.Add(generation);
            return true;
        }
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
}
