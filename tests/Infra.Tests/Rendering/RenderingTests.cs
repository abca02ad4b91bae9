using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Infra.Tests.Rendering;

public sealed class RenderingTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    private static readonly string[] Components = ["enforce", "match-conditions", "pod-monitor", "node-affinity", "alerts", "dashboards"];

    public static TheoryData<string, string[]> Combinations()
    {
        var combinations = new TheoryData<string, string[]>();
        foreach (var overlay in (string[])["url", "service"])
        {
            combinations.Add(overlay, []);
            combinations.Add(overlay, Components);
            foreach (var component in Components)
                combinations.Add(overlay, [component]);
        }

        return combinations;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Every_overlay_with_every_component_renders_without_an_unknown_field(string overlay, string[] components)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay, components));

        Assert.NotEmpty(manifests.Objects);
        Assert.Equal(
            manifests.Documents.Count,
            manifests.Documents.Select(document => document.Split('\n').First(line => line.StartsWith("kind:", StringComparison.Ordinal))
                + string.Join('|', document.Split('\n').Where(line => line.StartsWith("  name", StringComparison.Ordinal)))).Distinct().Count());
    }

    [Fact]
    public void Every_component_is_among_those_rendered() => Assert.Equal(
        Components.Order(),
        Directory.GetDirectories(Path.Combine(Repository.Infra, "kustomize/components")).Select(Path.GetFileName).Order());

    [Theory]
    [InlineData("url")]
    [InlineData("service")]
    public async Task A_webhook_that_is_away_stops_no_pod_unless_enforce_says_so(string overlay)
    {
        var plain = Manifests.Load(await kustomization.RenderAsync(overlay));
        var enforced = Manifests.Load(await kustomization.RenderAsync(overlay, "enforce"));

        Assert.Equal(("Ignore", "Ignore"), (plain.Mutating.FailurePolicy, plain.Validating.FailurePolicy));
        Assert.Equal(("Ignore", "Fail"), (enforced.Mutating.FailurePolicy, enforced.Validating.FailurePolicy));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("service")]
    public async Task The_cluster_and_the_product_never_wait_for_the_webhook(string overlay)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay));
        string[] expected = ["kube-system", "kube-public", "kube-node-lease", "lxcfs-system", "lxcfs-functions"];

        foreach (var selector in (V1LabelSelector[])[manifests.Mutating.NamespaceSelector, manifests.Validating.NamespaceSelector])
        {
            Assert.Equal(expected, Values(selector, "kubernetes.io/metadata.name", "NotIn"));
            Assert.Equal(["baseline", "restricted"], Values(selector, "pod-security.kubernetes.io/enforce", "NotIn"));
            Assert.Equal([LxcfsNames.Enabled], Values(selector, LxcfsNames.Label, "In"));
        }

        foreach (var selector in (V1LabelSelector[])[manifests.Mutating.ObjectSelector, manifests.Validating.ObjectSelector])
            Assert.Equal([LxcfsNames.Disabled], Values(selector, LxcfsNames.Label, "NotIn"));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("service")]
    public async Task The_webhooks_ask_for_what_the_contract_says(string overlay)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay));
        var (mutating, validating) = (manifests.Mutating, manifests.Validating);

        Assert.Equal(("IfNeeded", "None", 3, "Equivalent"), (mutating.ReinvocationPolicy, mutating.SideEffects, mutating.TimeoutSeconds, mutating.MatchPolicy));
        Assert.Equal(("None", 3, "Equivalent"), (validating.SideEffects, validating.TimeoutSeconds, validating.MatchPolicy));
        Assert.Equal(["v1"], mutating.AdmissionReviewVersions);
        Assert.Equal(["v1"], validating.AdmissionReviewVersions);
        Assert.Equal(["CREATE pods", "UPDATE pods/ephemeralcontainers"], mutating.Rules.Select(Describe));
        Assert.Equal(["CREATE,UPDATE pods"], validating.Rules.Select(Describe));
    }

    private static string Describe(V1RuleWithOperations rule) => $"{string.Join(',', rule.Operations)} {string.Join(',', rule.Resources)}";

    private static IList<string> Values(V1LabelSelector selector, string key, string @operator) =>
        Assert.Single(selector.MatchExpressions, expression => expression.Key == key && expression.OperatorProperty == @operator).Values;
}
