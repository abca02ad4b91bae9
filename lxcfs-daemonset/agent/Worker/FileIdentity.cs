using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Worker;

/// <summary>
/// A file of LXCFS at its own path: nothing else in a container is ever touched. Where a pod mounts a file somewhere else, that path is
/// the tenant's choice, and could lead anywhere.
/// </summary>
/// <param name="Path">The file inside LXCFS.</param>
/// <param name="Target">Where a container has it.</param>
internal sealed record FileIdentity(string Path, string Target)
{
    /// <summary>From the table that the functions share.</summary>
    public static IReadOnlyList<FileIdentity> All { get; } = [.. LxcfsFile.All.SelectMany(file => file.Mounts).Select(mount => new FileIdentity(mount.File.Path, mount.Path))];

    private static readonly HashSet<FileIdentity> Known = [.. All];

    public static bool IsOwnTarget(string path, string target) => Known.Contains(new(path, target));
}
