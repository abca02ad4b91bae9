using k8s;
using k8s.Models;

namespace LxcfsFunctions.Infra.Tests.Rendering;

/// <summary>The component node-delivery: who is asked about which namespace, and what the agent gets.</summary>
public sealed class DeliveryTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    private const string Level = "pod-security.kubernetes.io/enforce";

    public static TheoryData<string, string[]> Combinations() => new()
    {
        { "url", ["node-delivery"] },
        { "service", ["node-delivery"] },
        { "url", ["match-conditions", "enforce", "pod-opt-in", "node-affinity", "node-delivery"] },
        { "service", ["match-conditions", "enforce", "pod-opt-in", "node-affinity", "node-delivery"] },
    };

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Each_namespace_is_asked_about_by_one_entry_and_what_it_enforces_tells_by_which(string overlay, string[] components)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay, components));
        var (plain, enforced) = (manifests.Mutating, manifests.MutatingEntry("mutate-node"));

        Assert.Equal(["NotIn baseline,restricted"], Levels(plain.NamespaceSelector));
        Assert.Equal(["In baseline,restricted"], Levels(enforced.NamespaceSelector));
        // Whatever else a component has made of the one is so for the other.
        Assert.Equal(Without(plain), Without(enforced));
        Assert.Empty(Levels(manifests.Validating.NamespaceSelector));
        Assert.Empty(Levels(manifests.ValidatingEntry("validate-update").NamespaceSelector));
    }

    [Fact]
    public async Task Without_it_nothing_is_mounted_from_a_runtime_and_no_namespace_that_enforces_is_asked_about()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service", "node-affinity"));
        var agent = manifests.Named<V1DaemonSet>("lxcfs").Spec.Template.Spec;

        Assert.DoesNotContain(agent.Volumes, volume => volume.HostPath?.Path.Contains("nri", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(Assert.Single(agent.Containers).Env, item => item.Name == "LXCFS_AGENT_NRI");
        Assert.Single(manifests.One<V1MutatingWebhookConfiguration>().Webhooks);
        Assert.Equal(["NotIn baseline,restricted"], Levels(manifests.Validating.NamespaceSelector));
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task The_agent_finds_the_socket_in_a_folder_of_the_node_that_it_can_not_write_to(string overlay, string[] components)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay, components));
        var agent = manifests.Named<V1DaemonSet>("lxcfs").Spec.Template.Spec;
        var container = Assert.Single(agent.Containers);
        var mount = Assert.Single(container.VolumeMounts, mount => mount.Name == "nri");
        var source = Assert.Single(agent.Volumes, volume => volume.Name == mount.Name).HostPath;

        // Not the socket itself: a runtime that is started again makes another.
        Assert.Equal(("/var/run/nri", "DirectoryOrCreate", "/var/run/nri", true), (source.Path, source.Type, mount.MountPath, mount.ReadOnlyProperty));
        Assert.Equal("/var/run/nri/nri.sock", Assert.Single(container.Env, item => item.Name == "LXCFS_AGENT_NRI").Value);
    }

    [Theory]
    [InlineData("url")]
    [InlineData("service")]
    public async Task Alone_and_beside_node_affinity_the_agent_has_the_same_rights(string overlay)
    {
        var affinity = Manifests.Load(await kustomization.RenderAsync(overlay, "node-affinity"));
        foreach (var components in (string[][])[["node-delivery"], ["node-affinity", "node-delivery"]])
        {
            var manifests = Manifests.Load(await kustomization.RenderAsync(overlay, components));
            Assert.Equal(Rights(affinity), Rights(manifests));
            var agent = manifests.Named<V1DaemonSet>("lxcfs").Spec.Template.Spec;
            Assert.Equal(("lxcfs-node-labeler", true), (agent.ServiceAccountName, agent.AutomountServiceAccountToken));
            Assert.Equal(["LXCFS_AGENT_LABEL_NODE", "LXCFS_AGENT_NODE"], Assert.Single(agent.Containers).Env.Select(item => item.Name).Where(name => name.EndsWith("_NODE", StringComparison.Ordinal)).Order());
        }
    }

    [Theory]
    [InlineData("auto", null, "node-delivery")]
    [InlineData("auto", "true", "node-affinity", "node-delivery")]
    [InlineData(null, "true", "node-affinity")]
    public async Task The_functions_are_told_what_the_nodes_can(string? delivery, string? ready, params string[] components)
    {
        var settings = Assert.Single(Manifests.Load(await kustomization.RenderAsync("service", components)).One<V1Deployment>().Spec.Template.Spec.Containers).Env;

        Assert.Equal(delivery, settings.SingleOrDefault(item => item.Name == "Lxcfs__Delivery")?.Value);
        Assert.Equal(ready, settings.SingleOrDefault(item => item.Name == "Lxcfs__RequireReadyNode")?.Value);
    }

    private static IEnumerable<string> Levels(V1LabelSelector selector) => selector.MatchExpressions.Where(expression => expression.Key == Level)
        .Select(expression => $"{expression.OperatorProperty} {string.Join(',', expression.Values)}");

    /// <summary>All but what has to differ: the name, the path and the operator of the level.</summary>
    private static string Without(V1MutatingWebhook webhook)
    {
        var text = KubernetesYaml.Serialize(webhook);
        return string.Join('\n', text.Split('\n').Where(line => !line.Contains("/mutate", StringComparison.Ordinal) && !line.Contains("name: mutate", StringComparison.Ordinal)))
            .Replace("operator: NotIn", "operator: In", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Rights(Manifests manifests) => manifests.Objects.OfType<IKubernetesObject<V1ObjectMeta>>()
        .Where(item => item.Metadata.Name == "lxcfs-node-labeler").Select(item => KubernetesYaml.Serialize(item)).Order(StringComparer.Ordinal);
}
