namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// Runtimes that give a pod a kernel of its own (Kata), or emulate one (gVisor), or virtualise /proc themselves (sysbox): their /proc is
/// right already, and a file of the node over it would be wrong.
/// </summary>
public static class SandboxRuntime
{
    /// <summary>As runtime classes and the handlers of runtimes are mostly named; a trailing <c>*</c> stands for any ending.</summary>
    public static string[] DefaultNames { get; } = ["gvisor", "runsc", "kata", "kata-*", "sysbox-runc"];

    public static bool IsNamed(IEnumerable<string> names, string runtime) => names.Any(
        name => name.EndsWith('*') ? runtime.StartsWith(name[..^1], StringComparison.Ordinal) : runtime == name);
}
