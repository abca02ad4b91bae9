using System.Reflection;

namespace LxcfsFunctions.Tests;

/// <summary>Where the tests find what they judge: the files themselves, so that a rewritten golden case lands in the checkout.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!);

    public static string TestData { get; } = Path.Combine(Root, "tests", "LxcfsFunctions.Tests", "TestData");

    /// <summary>LXCFS_FUNCTIONS_PACKAGE names one of another architecture.</summary>
    public static string Package { get; } =
        Environment.GetEnvironmentVariable("LXCFS_FUNCTIONS_PACKAGE") ?? Path.Combine(Root, "artifacts", "lxcfs-functions.zip");

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));
}
