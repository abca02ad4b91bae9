namespace LxcfsFunctions.Infra.Tests.Rendering;

/// <summary>A copy of the manifests, in which a test may write what a user keeps to himself.</summary>
public sealed class Kustomization : IDisposable
{
    public const string Host = "functions.example.com";
    public const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly string _root = Directory.CreateTempSubdirectory("lxcfs-kustomize-").FullName;

    public Kustomization()
    {
        Copy("infra/kustomize");
        Copy("lxcfs-daemonset");
        File.WriteAllText(Path.Combine(_root, "infra/kustomize/overlays/url/webhook.env"), $"HOST={Host}\nTOKEN={Token}\n");
    }

    /// <summary>Renders an overlay with components, each by its folder's name.</summary>
    internal async Task<string> RenderAsync(string overlay, params string[] components)
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(_root, "lxcfs-daemonset/kustomization.yaml")), "this checkout has no lxcfs-daemonset to bring in");
        var folder = Directory.CreateDirectory(Path.Combine(_root, "infra/kustomize", $"test-{Guid.NewGuid():N}")).FullName;
        var included = components.Select(component => $"  - {PathOf(overlay, component)}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "kustomization.yaml"), $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            sortOptions:
              order: legacy
            resources:
              - ../overlays/{overlay}
            {(components.Length > 0 ? "components:\n" : "")}{string.Concat(included)}
            """);
        var rendered = await Command.RunAsync(Repository.Kubectl, ["kustomize", folder]);
        Assert.Empty(rendered.Error);
        return rendered.Succeeded();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Where the functions run elsewhere, only the nodes have metrics in the cluster.</summary>
    private static string PathOf(string overlay, string component) => (overlay, component) switch
    {
        ("url", "pod-monitor") => "../../../lxcfs-daemonset/components/pod-monitor",
        _ => $"../components/{component}",
    };

    private void Copy(string folder)
    {
        var from = Path.Combine(Repository.Root, folder);
        if (!Directory.Exists(from))
            return;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(Repository.Root, file);
            if (relative.Split('/').Any(part => part is "bin" or "obj"))
                continue;
            var to = Path.Combine(_root, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
