using System.Collections.Immutable;

namespace LxcfsFunctions.Lxcfs;

/// <summary>One file that LXCFS answers in place of the kernel.</summary>
/// <param name="Volume">The name of the pod's volume for it, a DNS label.</param>
/// <param name="Path">
/// Where the container sees it; the source on the node is the root of LXCFS followed by the same path.
/// </param>
public sealed record LxcfsFile(string Volume, string Path)
{
    /// <summary>
    /// Another path at which a container sees the same file, from the same volume; null for none. What it names has to mean the
    /// same to every program: of a container's CPUs all that are present are online.
    /// </summary>
    public string? AlsoAt { get; init; }

    /// <summary>Where a container mounts it; every other path is the user's own business, and nobody repairs it there.</summary>
    public ImmutableArray<LxcfsMount> Mounts => AlsoAt is null ? [new(this, Path)] : [new(this, Path), new(this, AlsoAt)];

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
        // Never at .../possible: Java's ZGC aborts, libomp asserts and libbpf overruns there.
        new("lxcfs-sys-devices-system-cpu-online", "/sys/devices/system/cpu/online") { AlsoAt = "/sys/devices/system/cpu/present" },
    ];
}

/// <summary>A file at one of its paths.</summary>
/// <param name="File">What LXCFS serves, and the volume that brings it.</param>
/// <param name="Path">Where the container sees it.</param>
public readonly record struct LxcfsMount(LxcfsFile File, string Path);
