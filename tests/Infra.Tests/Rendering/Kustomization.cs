namespace LxcfsFunctions.Infra.Tests.Rendering;

/// <summary>A copy of the manifests, in which a test may write what a user keeps to himself.</summary>
public sealed class Kustomization : IDisposable
{
    public const string Host = "functions.example.com";
    public const string Token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly Checkout _checkout = new();

    public Kustomization()
        : this(Host, Token)
    {
    }

    internal Kustomization(string host, string token) =>
        File.WriteAllText(_checkout.PathOf("infra/kustomize/overlays/url/webhook.env"), $"HOST={host}\nTOKEN={token}\n");

    /// <summary>Renders an overlay with components, each by its folder's name.</summary>
    internal async Task<string> RenderAsync(string overlay, params string[] components)
    {
        _checkout.NeedDaemonSet();
        var folder = Directory.CreateDirectory(_checkout.PathOf($"infra/kustomize/test-{Guid.NewGuid():N}")).FullName;
        var included = components.Select(component => $"  - {PathOf(overlay, component, components)}\n");
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

    public void Dispose() => _checkout.Dispose();

    /// <summary>Where the functions run elsewhere, only the nodes have metrics in the cluster. What two components have in common comes once.</summary>
    private static string PathOf(string overlay, string component, string[] components) => (overlay, component) switch
    {
        ("url", "pod-monitor") => "../../../lxcfs-daemonset/components/pod-monitor",
        (_, "node-delivery") when components.Contains("node-affinity") => "../components/node-delivery/beside-node-affinity",
        _ => $"../components/{component}",
    };
}
