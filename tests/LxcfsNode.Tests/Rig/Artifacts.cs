using System.Reflection;

namespace LxcfsNode.Tests.Rig;

/// <summary>What prepare.sh built.</summary>
internal static class Artifacts
{
    /// <summary>The folder of it; LXCFS_NODE_ARTIFACTS says where it lies in a guest.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("LXCFS_NODE_ARTIFACTS") ?? Path.GetFullPath(Path.Combine(Root, "artifacts", "node"));

    private static string Root =>
        typeof(Artifacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    public static string Require(string name)
    {
        var path = Path.Combine(Folder, name);
        Assert.SkipUnless(
            File.Exists(path), $"there is no {path}: tests/LxcfsNode.Tests/prepare.sh makes it, and needs root, /dev/fuse and Debian's packages");
        return path;
    }
}
