namespace LxcfsFunctions.Infra.Tests;

/// <summary>A copy of what an installation needs, in which a test may write what a user keeps to himself.</summary>
internal sealed class Checkout : IDisposable
{
    private static readonly string[] Folders = ["infra", "lxcfs-daemonset", "functions/samples"];

    public Checkout()
    {
        foreach (var folder in Folders.Where(folder => Directory.Exists(Path.Combine(Repository.Root, folder))))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
                Copy(Path.GetRelativePath(Repository.Root, file));
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("lxcfs-checkout-").FullName;

    /// <summary>Where the DaemonSet is not in the checkout, no overlay can be rendered.</summary>
    public void NeedDaemonSet() => Assert.SkipUnless(
        File.Exists(PathOf("lxcfs-daemonset/kustomization.yaml")), "this checkout has no lxcfs-daemonset to bring in");

    public string PathOf(string relative) => Path.Combine(Root, relative);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Copy(string relative)
    {
        // What a build or a user made is no part of it.
        if (relative.Split('/').Any(part => part is "bin" or "obj" or "local" or "webhook.env"))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.Copy(Path.Combine(Repository.Root, relative), PathOf(relative));
    }
}
