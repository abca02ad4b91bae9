using LxcfsAgent.Containers;
using LxcfsAgent.Native;

namespace LxcfsAgent.Node;

/// <summary>
/// The mounts of LXCFS on the node: one for each process of LXCFS, at a path of its own, and at ROOT one that the owner put
/// there. An LXCFS that is stopped unmounts its own path, and so can't take away what a successor serves at ROOT.
/// </summary>
/// <param name="root">ROOT, where pods' volumes point; its parent is shared with the node.</param>
internal sealed class NodeMounts(string root, string folder)
{
    public string Root => root;

    /// <summary>Every mount of LXCFS at ROOT or below the agents' folder, the later above the earlier.</summary>
    public IReadOnlyList<MountEntry> All() =>
        [.. Entries().Where(mount => mount.IsLxcfs && (mount.Target == root || mount.Target.StartsWith(folder + "/", StringComparison.Ordinal)))];

    /// <summary>The device number of what is mounted at a path; null where nothing is.</summary>
    public static string? DeviceAt(string path) => Entries().LastOrDefault(mount => mount.Target == path && mount.IsLxcfs)?.Device;

    /// <summary>Makes ROOT show a mount of LXCFS, without a moment in which it shows none if it showed one before.</summary>
    /// <param name="patience">How long to wait for those who are on their way through what ROOT shows now.</param>
    /// <returns>What litter was removed.</returns>
    public IReadOnlyList<string> Publish(ServedFiles served, TimeSpan patience)
    {
        var layers = Entries().Where(mount => mount.Target == root).ToList();
        if (layers.LastOrDefault() is { IsLxcfs: false } other)
            throw new IOException($"{root} is covered by a mount of type {other.Type}; unmount it, or set LXCFS_AGENT_ROOT");
        if (layers.LastOrDefault()?.Device == served.Device)
            return [];

        // Of several, all but one go while they are dead anyway.
        while (layers.Count > 1 && FuseRead.Try(root + "/proc/uptime", TimeSpan.FromSeconds(1)) != FuseAnswer.Data)
        {
            Mounts.Detach(root);
            layers.RemoveAt(layers.Count - 1);
        }

        using var tree = Mounts.Clone(served.Root, readOnly: false);
        if (layers.Count > 0)
        {
            Mounts.Replace(tree, root, patience);
            return [];
        }

        Directory.CreateDirectory(root);
        var removed = Litter.Remove(root);
        Mounts.Attach(tree, root);
        return removed;
    }

    /// <summary>Takes every mount of LXCFS away from ROOT.</summary>
    public void Unpublish() => DetachAll(root);

    /// <summary>Takes every mount away from a path, however broken.</summary>
    public static void DetachAll(string path)
    {
        for (var count = Entries().Count(mount => mount.Target == path && mount.IsLxcfs); count > 0 && Mounts.TryDetach(path); count--)
        {
        }
    }

    /// <summary>Removes the mount point of a process of LXCFS with its mounts.</summary>
    public static void Remove(string mountPoint)
    {
        DetachAll(mountPoint);
        StateFolder.RemoveMountPoint(mountPoint);
    }

    private static List<MountEntry> Entries() => MountInfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"));
}
