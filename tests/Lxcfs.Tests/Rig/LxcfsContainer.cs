using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>One of the builds of LXCFS, mounted beside ROOT, without an agent.</summary>
internal sealed class LxcfsContainer : DaemonContainer
{
    /// <summary>A sanitizer keeps memory for each thread, and with 16,384 open files has used up what other containers get.</summary>
    private const string SanitizerBytes = "1073741824";

    private LxcfsContainer(Node node, Build build, string id) : base(node, id) => Build = build;

    public Build Build { get; }

    /// <summary>Where it is mounted on the node.</summary>
    public string MountPoint => Path.Combine(Node.Parent, Id);

    /// <summary>The folder of its program and library, in its container.</summary>
    public string Programs => Build is Build.Ours ? "/opt/lxcfs" : $"/builds/{Build}".ToLowerInvariant();

    /// <summary>Whether the archive of packages had this build when the image was made.</summary>
    public static async Task<bool> HasAsync(Node node, Build build) => (await node.TryAsync(
        "ctr", "run", "--rm", await node.ImageAsync("lxcfs-builds"), "has", $"/builds/{build}/lxcfs".ToLowerInvariant(), "--version")).ExitCode == 0;

    /// <param name="environment">Variables as <c>LXCFS_FILTER=off</c>.</param>
    public static Task<LxcfsContainer> StartAsync(Node node, Build build, params (string, string)[] environment) =>
        StartWithAsync(node, build, [], [], environment);

    /// <param name="arguments">More than the agent gives it.</param>
    /// <param name="options">More of ctr run.</param>
    /// <param name="environment">Variables as <c>LXCFS_FILTER=off</c>.</param>
    public static async Task<LxcfsContainer> StartWithAsync(
        Node node, Build build, string[] arguments, string[] options, params (string, string)[] environment)
    {
        if (build is Build.Seven)
            Assert.SkipUnless(await HasAsync(node, build), "Debian had no LXCFS 7 when lxcfs-builds.tar was made");
        // LXCFS 7 knows cgroup v2 alone: where v1 has the controllers, it serves the node's values, and runs all the same.
        string[] unified = build is Build.Seven && !Node.IsCgroup2
            ? ["--mount", "type=cgroup2,src=cgroup2,dst=/sys/fs/cgroup,options=nosuid:noexec:nodev:rw"] : [];
        string[] memory = build is Build.Address or Build.Thread ? ["--memory-limit", SanitizerBytes] : [];
        var lxcfs = new LxcfsContainer(node, build, $"lxcfs-{build}".ToLowerInvariant()) { Options = [.. memory, .. unified, .. options] };
        Directory.CreateDirectory(lxcfs.MountPoint);
        var folder = lxcfs.Programs;
        await lxcfs.RunAsync(
            build is Build.Ours ? "lxcfs" : "lxcfs-builds", [("LD_LIBRARY_PATH", folder), .. lxcfs.Environment, .. environment],
            [$"{folder}/lxcfs", "-f", "-p", "/run/lxcfs.pid", "-l", "--enable-cfs", .. arguments, $"/var/lib/lxc/{lxcfs.Id}"]);
        await Eventually.TrueAsync(() => Mount.Of(node.Pid).Any(mount => mount.Target == lxcfs.MountPoint && mount.IsLxcfs)
            && File.Exists(node.FromOutside($"{lxcfs.MountPoint}/proc/uptime")), () => $"LXCFS does not mount: {lxcfs.Log}");
        return lxcfs;
    }

    /// <summary>What a sanitizer needs of the system is more than the filter lets through.</summary>
    private IEnumerable<(string, string)> Environment => Build switch
    {
        Build.Address => [("LXCFS_FILTER", "off"), ("ASAN_OPTIONS", "detect_leaks=1:quarantine_size_mb=16")],
        Build.Thread => [("LXCFS_FILTER", "off"), ("TSAN_OPTIONS", "halt_on_error=0:second_deadlock_stack=1:history_size=4")],
        _ => [],
    };
}

/// <summary>What LXCFS was built from, and how.</summary>
public enum Build
{
    /// <summary>The one in the agent's image.</summary>
    Ours,

    /// <summary>Debian's package of the same upstream version.</summary>
    Packaged,

    /// <summary>Debian's package of LXCFS 7, which serves cgroup v2 only.</summary>
    Seven,

    /// <summary>Ours, with AddressSanitizer.</summary>
    Address,

    /// <summary>Ours, with ThreadSanitizer.</summary>
    Thread,
}
