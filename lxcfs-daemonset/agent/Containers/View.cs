using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Containers;

/// <summary>How a file of LXCFS in a container fares.</summary>
internal enum FileState
{
    /// <summary>Served by the LXCFS that the node serves now.</summary>
    Healthy,

    /// <summary>Bound to an LXCFS that is dead or superseded.</summary>
    Stale,

    /// <summary>Something else is mounted over it; the agent leaves that alone.</summary>
    Conflicting,

    /// <summary>Served by another LXCFS that works, such as that of LXD; the agent leaves it alone.</summary>
    Foreign,
}

/// <summary>One file of LXCFS that is mounted in a container.</summary>
/// <param name="Path">The file inside LXCFS.</param>
/// <param name="Target">Where the container has it.</param>
/// <param name="Mount">The number of the topmost mount there, which is the one that the container reads.</param>
/// <param name="Layers">How many mounts of LXCFS lie on each other there, counted from the topmost mount.</param>
internal sealed record ViewedFile(string Path, string Target, FileState State, int Mount, int Layers);

/// <summary>Finds in the mounts of a container what LXCFS gives it. Pure.</summary>
internal static class View
{
    private static readonly HashSet<string> Paths = [.. LxcfsFile.All.Select(file => file.Path)];

    /// <summary>Every file that a mount of LXCFS is or was meant to show, in the order of their targets' first mounts.</summary>
    /// <param name="judge">Tells a mount of LXCFS that is topmost healthy, stale or foreign.</param>
    public static IReadOnlyList<ViewedFile> Of(IReadOnlyList<MountEntry> mounts, Func<MountEntry, FileState> judge) =>
    [
        .. mounts.Where(IsFile).Select(mount => mount.Target).Distinct()
            .Select(target => At(target, [.. mounts.Where(mount => mount.Target == target)], judge)),
    ];

    /// <summary>Whether a mount of LXCFS shows any file, at the price of a look at each mount.</summary>
    public static bool HasFiles(IReadOnlyList<MountEntry> mounts) => mounts.Any(IsFile);

    /// <summary>Whether what was found at a file's target is still what is there.</summary>
    public static bool IsUnchanged(IReadOnlyList<MountEntry> mounts, ViewedFile file) =>
        mounts.LastOrDefault(mount => mount.Target == file.Target)?.Id == file.Mount;

    /// <summary>Whole mounts of LXCFS (root <c>/</c>) are the node's and the agents' own.</summary>
    private static bool IsFile(MountEntry mount) => mount.IsLxcfs && Paths.Contains(mount.Root);

    private static ViewedFile At(string target, MountEntry[] layers, Func<MountEntry, FileState> judge)
    {
        var top = layers[^1];
        return new(
            layers.Last(IsFile).Root,
            target,
            IsFile(top) ? judge(top) : FileState.Conflicting,
            top.Id,
            layers.Reverse().TakeWhile(IsFile).Count());
    }
}
