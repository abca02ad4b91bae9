using System.Diagnostics;
using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Apply;

/// <summary>
/// The mounts of LXCFS on the node: one for each process of LXCFS, at a path of its own, and at ROOT one that the owner put
/// there. An LXCFS that is stopped unmounts its own path, and so can't take away what a successor serves at ROOT.
/// </summary>
/// <param name="root">ROOT, where pods' volumes point; its parent is shared with the node.</param>
internal sealed class RootMount(string root)
{
    /// <summary>How long a container that is being created may take to mount a file that it has found at ROOT.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromSeconds(2);

    /// <summary>Makes ROOT show a mount of LXCFS, without a moment in which it shows none if it showed one before.</summary>
    /// <param name="device">The device number of that mount.</param>
    /// <param name="waitForUsers">Whether those who are on their way through what ROOT shows now are waited for.</param>
    /// <returns>What was removed of what runtimes left there.</returns>
    public IReadOnlyList<string> Publish(string mountPoint, string device, bool waitForUsers)
    {
        var layers = LayersAt(root, Entries());
        if (layers is [.., { IsLxcfs: false } other])
            throw new IOException($"{root} is covered by a mount of type {other.Type}; unmount it, or set LXCFS_AGENT_ROOT");
        if (layers is [.., var top] && top.Device == device)
            return [];

        using var source = Descriptor.Open(mountPoint, Libc.OPath);
        using var tree = Mounts.Clone(source, readOnly: false);
        if (layers.Count == 0)
        {
            Directory.CreateDirectory(root);
            var removed = StaleMountPoints.Remove(root);
            Mounts.Attach(tree, root);
            return removed;
        }

        Replace(tree, layers.Count, waitForUsers);
        return [];
    }

    /// <summary>Takes every mount of LXCFS away from ROOT.</summary>
    /// <exception cref="IOException">One is still there.</exception>
    public void Unpublish()
    {
        DetachAll(root);
        if (LayersAt(root, Entries()) is [.., { IsLxcfs: true }])
            throw new IOException($"LXCFS can't be unmounted from {root}");
    }

    /// <summary>Takes the mounts of LXCFS away from a path, however broken, down to what somebody else mounted there.</summary>
    public static void DetachAll(string path)
    {
        var layers = LayersAt(path, Entries());
        for (var layer = layers.Count - 1; layer >= 0 && layers[layer].IsLxcfs && Mounts.TryDetach(path); layer--)
        {
        }
    }

    /// <summary>What is mounted at a path, the topmost last: whose parent is another one there lies on it, whichever is older.</summary>
    public static IReadOnlyList<MountEntry> LayersAt(string path, IEnumerable<MountEntry> entries)
    {
        var there = entries.Where(mount => mount.Target == path).ToList();
        var layers = new List<MountEntry>();
        for (var next = there.Find(mount => !there.Exists(other => other.Id == mount.Parent)); next is not null && layers.Count < there.Count;)
        {
            layers.Add(next);
            next = there.Find(mount => mount.Parent == layers[^1].Id);
        }

        return layers;
    }

    public static List<MountEntry> Entries() => MountInfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"));

    /// <summary>All but the lowest go first, so that nothing is left below; none of them is looked into, since it may not answer.</summary>
    private void Replace(Descriptor tree, int layers, bool waitForUsers)
    {
        for (; layers > 1; layers--)
            _ = Mounts.TryDetach(root);
        using (var top = Descriptor.Open(root, Libc.OPath | Libc.ONofollow))
        {
            if (!Mounts.PutBeneath(tree, top))
            {
                _ = Mounts.TryDetach(root);
                Mounts.Attach(tree, root);
                return;
            }
        }

        for (var started = Stopwatch.GetTimestamp(); waitForUsers && Stopwatch.GetElapsedTime(started) < Underway; Thread.Sleep(1))
        {
            if (Mounts.TryUnmountUnused(root))
                return;
        }

        _ = Mounts.TryDetach(root);
    }
}
