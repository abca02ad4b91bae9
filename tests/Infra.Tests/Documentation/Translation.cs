namespace LxcfsFunctions.Infra.Tests.Documentation;

/// <summary>Pages in Chinese lie beside their originals.</summary>
internal static class Translation
{
    private const string Mark = ".zh-CN.md";

    public static IEnumerable<string> All() => ((string[])["", "docs", "infra", "lxcfs-daemonset"])
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), $"*{Mark}"))
        .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal);

    public static bool Is(string page) => page.EndsWith(Mark, StringComparison.Ordinal);

    public static string OriginalOf(string page) => page.Replace(Mark, ".md", StringComparison.Ordinal);
}
