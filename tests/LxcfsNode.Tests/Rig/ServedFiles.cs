using LxcfsFunctions.Lxcfs;

namespace LxcfsNode.Tests.Rig;

/// <summary>What the webhook has a container mount: every file of LXCFS, at each of its paths.</summary>
internal static class ServedFiles
{
    public static IReadOnlyList<LxcfsMount> All { get; } = [.. LxcfsFile.All.SelectMany(file => file.Mounts)];

    public static int Count => All.Count;

    /// <summary>Whether a mount is a file of LXCFS at a path of its own.</summary>
    public static bool Has(Mount mount) => All.Any(file => (file.File.Path, file.Path) == (mount.Root, mount.Target));

    /// <summary>Options for ctr run.</summary>
    /// <param name="root">Where LXCFS is mounted.</param>
    public static IEnumerable<string> From(string root, string options) => All.SelectMany(file =>
        new[] { "--mount", $"type=bind,src={root}{file.File.Path},dst={file.Path},options={options}" });
}
