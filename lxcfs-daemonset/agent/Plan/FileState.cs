using LxcfsAgent.Worker;

namespace LxcfsAgent.Plan;

/// <summary>How a file of LXCFS in a container fares.</summary>
internal enum FileState
{
    /// <summary>Served by the LXCFS that the node serves now.</summary>
    Healthy,

    /// <summary>Bound to an LXCFS that is dead or superseded: to be repaired.</summary>
    Stale,

    /// <summary>Something else is mounted over it; left alone.</summary>
    Conflicting,

    /// <summary>Served by another LXCFS of the node, such as that of LXD; left alone.</summary>
    Foreign,

    /// <summary>The container's path leads elsewhere by now; left alone.</summary>
    Hidden,
}

/// <summary>
/// Judges mounts by their device numbers, as of one snapshot: once nothing holds a file system any more its number goes to the next one.
/// </summary>
/// <param name="live">The LXCFS that is served; null where none is.</param>
/// <param name="ours">Every LXCFS of this node's agents that is mounted or was, working or not.</param>
/// <param name="node">Every LXCFS that the node's first process sees mounted; null where that could not be told, and what isn't ours may be another's.</param>
internal sealed class FileJudge(string? live, IReadOnlySet<string> ours, IReadOnlyCollection<string>? node)
{
    public static FileJudge Of(NodeSnapshot snapshot, string? live) => new(
        live,
        snapshot.AtRoot.Concat(snapshot.AtMountPoints).Where(mount => mount.IsLxcfs).Select(mount => mount.Device).Concat(snapshot.Known).ToHashSet(),
        snapshot.Scan?.Summary.NodeDevices);

    /// <summary>
    /// An LXCFS that neither the node nor the container itself shows as a whole any more, and that isn't ours, is one that was
    /// unmounted: whoever is bound to it gets no further than its end.
    /// </summary>
    public FileState StateOf(ContainerFacts container, FileFacts file) => file.Layer switch
    {
        FileLayer.Covered => FileState.Conflicting,
        FileLayer.Hidden => FileState.Hidden,
        _ when file.Device == live => FileState.Healthy,
        _ when !ours.Contains(file.Device) && (node?.Contains(file.Device) != false || container.OwnDevices?.Contains(file.Device) == true) => FileState.Foreign,
        _ => FileState.Stale,
    };
}
