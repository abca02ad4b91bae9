namespace LxcfsAgent.Worker;

/// <summary>One line of a mountinfo file, as proc_pid_mountinfo(5) describes it.</summary>
/// <param name="Id">Unique among the mounts that exist now.</param>
/// <param name="Parent">The mount that it is mounted on.</param>
/// <param name="Device">Major and minor number of the file system, such as <c>0:53</c>.</param>
/// <param name="Root">What of the file system is mounted: <c>/</c>, or the file inside it.</param>
/// <param name="Target">Where it is mounted, seen from the root of whom the file was read of.</param>
/// <param name="Type">The type of the file system, such as <c>fuse.lxcfs</c>.</param>
internal sealed record MountEntry(int Id, int Parent, string Device, string Root, string Target, string Type)
{
    public const string Lxcfs = "fuse.lxcfs";

    public bool IsLxcfs => Type == Lxcfs;

    /// <summary>Whole mounts of LXCFS are the node's and the agents' own; a container has single files.</summary>
    public bool IsWholeLxcfs => IsLxcfs && Root == "/";
}
