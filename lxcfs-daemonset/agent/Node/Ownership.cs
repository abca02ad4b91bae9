using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>What an agent does for its node with one LXCFS, while it is the owner: shows it at ROOT, and keeps every container on it.</summary>
/// <param name="mountPoint">Where this LXCFS is mounted.</param>
/// <param name="earlier">Device numbers of ours that were mounted before this LXCFS was.</param>
internal sealed class Ownership(
    TimeSpan scanEvery,
    Generations generations,
    StateFolder folder,
    NodeMounts mounts,
    Healer healer,
    ServedFiles served,
    string mountPoint,
    IReadOnlyCollection<string> earlier,
    ILogger logger)
{
    /// <summary>
    /// After a takeover, containers that were just starting may have been given the predecessor's files: look often for as
    /// long as a predecessor has to stop.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    /// <summary>How long a container that is being created may take to mount a file that it has found at ROOT.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromSeconds(2);

    private long _takenOver;
    private long _healed;

    /// <summary>How long it is until containers are looked at again.</summary>
    public TimeSpan Due => ScanPeriod - Stopwatch.GetElapsedTime(_healed);

    private TimeSpan ScanPeriod => Stopwatch.GetElapsedTime(_takenOver) < Settling && scanEvery > Often ? Often : scanEvery;

    /// <summary>Takes the node over where it is this agent's to serve, or looks at its containers when that is due.</summary>
    public Role TakeTurn()
    {
        var role = generations.Role;
        switch (role)
        {
            case Role.Claimant:
            case Role.Owner when _takenOver == 0:
                generations.AsOwner(TakeOver);
                return generations.Role;
            case Role.Owner when Due <= TimeSpan.Zero:
                generations.AsOwner(() => Heal([]));
                break;
            case Role.Standby:
                _takenOver = 0;
                break;
        }

        return role;
    }

    private void TakeOver()
    {
        // Nobody is on the way through a dead one.
        foreach (var path in mounts.Publish(served, generations.HasStandby ? Underway : TimeSpan.Zero))
            Log.LitterRemoved(logger, path);
        healer.Restore(served);
        Heal(earlier);
        Orphans.Remove(folder, generations.Generation, mountPoint);
        _takenOver = Stopwatch.GetTimestamp();
    }

    private void Heal(IReadOnlyCollection<string> alsoOurs)
    {
        // Somebody may have unmounted or covered it.
        mounts.Publish(served, patience: TimeSpan.Zero);
        // A dead one answers nobody who has opened a file of it.
        healer.Heal(served, alsoOurs, generations.HasStandby ? Remounter.Reading : TimeSpan.Zero);
        _healed = Stopwatch.GetTimestamp();
    }
}
