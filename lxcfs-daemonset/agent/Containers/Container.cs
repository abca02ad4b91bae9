using System.Text;
using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>
/// A mount namespace in which LXCFS is mounted, as a container has it. The descriptors hold on to what was found: when the
/// process ends and its number goes to another one, they answer nothing, never something wrong.
/// </summary>
/// <param name="seen">The mounts of LXCFS when it was found, and what else was at their targets.</param>
internal sealed class Container(
    string id, int pid, IReadOnlyList<MountEntry> seen, Descriptor process, Descriptor mountNamespace, Descriptor mountInfo) : IDisposable
{
    private byte[] _text = new byte[16384];

    /// <summary>The link of the namespace, such as <c>mnt:[4026532391]</c>.</summary>
    public string Id => id;

    /// <summary>The first process found in it.</summary>
    public int Pid => pid;

    public Descriptor MountNamespace => mountNamespace;

    /// <summary>
    /// The mounts of LXCFS and what else is at their targets, as it was found; to ask the kernel again costs as much as to find it.
    /// </summary>
    public IReadOnlyList<MountEntry> Seen => seen;

    /// <summary>All mounts as they are now; empty once the process has ended.</summary>
    public IReadOnlyList<MountEntry> Mounts => MountInfo.Parse(mountInfo.ReadAll(ref _text));

    /// <summary>The control group, on cgroup v1 that of its memory; empty once the process has ended.</summary>
    public string Cgroup
    {
        get
        {
            using var file = process.TryOpenAt("cgroup", Libc.ORdonly);
            var lines = file is null ? [] : Encoding.UTF8.GetString(file.ReadAll(ref _text)).Split('\n');
            var line = lines.FirstOrDefault(line => line.Contains(":memory:", StringComparison.Ordinal))
                ?? lines.FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
            return line?.Split(':', 3) is [_, _, var path] ? path : "";
        }
    }

    /// <summary>When the process started, in ticks since the node did; 0 once it has ended.</summary>
    public long Started
    {
        get
        {
            using var file = process.TryOpenAt("stat", Libc.ORdonly);
            return file is null ? 0 : ProcessStat.Parse(Encoding.UTF8.GetString(file.ReadAll(ref _text))).Started;
        }
    }

    public void Dispose()
    {
        process.Dispose();
        mountNamespace.Dispose();
        mountInfo.Dispose();
    }
}
