using System.ComponentModel;
using LxcfsAgent.Apply;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Observe;

/// <summary>Makes a snapshot of the node. Looks, and changes nothing.</summary>
internal sealed class NodeObserver(AgentOptions options, StateFolder folder, AgentLease lease, WithdrawnFiles withdrawn, LxcfsRunner lxcfs)
{
    /// <param name="memory">What only the agent itself remembers: phase, clock, retries, and the last scan.</param>
    public NodeSnapshot Observe(NodeSnapshot memory)
    {
        var mounts = RootMount.Entries().Where(mount => mount.Target == options.Root || mount.IsLxcfs).ToList();
        var agents = lease.Observe();
        var state = lxcfs.Observe(path => mounts.LastOrDefault(mount => mount.Target == path && mount.IsLxcfs)?.Device);
        var points = agents.Joined ? folder.MountPoints().ToList() : [];
        return memory with
        {
            Agents = agents,
            Lxcfs = state,
            StartDue = lxcfs.StartDue,
            LastError = lxcfs.LastError,
            // Newest first: an older one is removed as a leftover.
            Adoptable = state is not null || !agents.Joined ? null : points.Where(point => point.Generation == agents.Own).OrderByDescending(point => point.Start)
                .Select(point => point.MountPoint).FirstOrDefault(IsLiving),
            AtRoot = AtRoot(options.Root, mounts),
            AtMountPoints = Below(folder.Path, mounts),
            MountPoints = [.. points.Select(point => new MountPoint(point.MountPoint, point.Generation))],
            Withdrawn = agents.Joined ? withdrawn.Read() : [],
        };
    }

    /// <summary>What is mounted at ROOT, the topmost last.</summary>
    public static IReadOnlyList<NodeMount> AtRoot(string root, IEnumerable<MountEntry> mounts) => [.. RootMount.LayersAt(root, mounts).Select(Of)];

    /// <summary>The mounts of LXCFS below the agents' folder.</summary>
    public static IReadOnlyList<NodeMount> Below(string folder, IEnumerable<MountEntry> mounts) =>
        [.. mounts.Where(mount => mount.IsLxcfs && mount.Target.StartsWith(folder + "/", StringComparison.Ordinal)).Select(Of)];

    private static bool IsLiving(string mountPoint)
    {
        try
        {
            using var found = LxcfsProcess.Find(mountPoint);
            return found is not null;
        }
        catch (Exception exception) when (exception is IOException or Win32Exception or UnauthorizedAccessException && !Libc.IsWant(exception))
        {
            // What can't be told from something else is not adopted.
            return false;
        }
    }

    private static NodeMount Of(MountEntry mount) => new(mount.Target, mount.Device, mount.IsLxcfs);
}
