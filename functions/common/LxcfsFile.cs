using System.Collections.Immutable;

namespace LxcfsFunctions.Lxcfs;

/// <summary>One file that LXCFS answers in place of the kernel.</summary>
/// <param name="Volume">The name of the pod's volume for it, a DNS label.</param>
/// <param name="Path">
/// Where the container sees it; the source on the node is the root of LXCFS followed by the same path.
/// </param>
public sealed record LxcfsFile(string Volume, string Path)
{
    /// <summary>Where LXCFS is mounted on a node unless a setting says otherwise.</summary>
    public const string DefaultRoot = "/var/lib/lxc/lxcfs";

    /// <summary>
    /// Every file that is safe to mount. /proc/pressure/* is not among them, though LXCFS offers it: runc 1.1 and 1.3
    /// refuse to start a container with a mount below /proc that is not on their list.
    /// </summary>
    public static ImmutableArray<LxcfsFile> All { get; } =
    [
        new("lxcfs-proc-cpuinfo", "/proc/cpuinfo"),
        new("lxcfs-proc-diskstats", "/proc/diskstats"),
        new("lxcfs-proc-meminfo", "/proc/meminfo"),
        new("lxcfs-proc-stat", "/proc/stat"),
        new("lxcfs-proc-swaps", "/proc/swaps"),
        new("lxcfs-proc-uptime", "/proc/uptime"),
        new("lxcfs-proc-loadavg", "/proc/loadavg"),
        new("lxcfs-proc-slabinfo", "/proc/slabinfo"),
        new("lxcfs-sys-devices-system-cpu-online", "/sys/devices/system/cpu/online"),
    ];
}
