using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Infra.Tests.Rendering;

public sealed class RenderingTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    private static readonly string[] Protected = ["kube-system", "kube-public", "kube-node-lease", "lxcfs-system", "lxcfs-functions"];

    /// <summary>In the order in which one builds on another.</summary>
    private static readonly string[] Components = ["match-conditions", "enforce", "pod-opt-in", "node-affinity", "node-delivery", "pod-monitor", "alerts", "dashboards"];

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
    public async Task A_webhook_that_is_away_stops_no_pod_unless_enforce_says_so_and_then_new_ones_alone(string overlay)
    {
        var plain = Manifests.Load(await kustomization.RenderAsync(overlay));
        var enforced = Manifests.Load(await kustomization.RenderAsync(overlay, "enforce", "pod-opt-in"));

        Assert.Equal(["mutate Ignore CREATE pods, UPDATE pods/ephemeralcontainers", "validate Ignore CREATE pods", "validate-update Ignore UPDATE pods"], Policies(plain));
        Assert.Equal(
            [
                "mutate Ignore CREATE pods, UPDATE pods/ephemeralcontainers", "mutate-opt-in Ignore CREATE pods, UPDATE pods/ephemeralcontainers",
                "validate Fail CREATE pods", "validate-update Ignore UPDATE pods",
                "validate-opt-in Fail CREATE pods", "validate-opt-in-update Ignore UPDATE pods",
            ],
            Policies(enforced));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("service")]
    public async Task A_pod_that_asks_by_its_own_label_is_asked_about_once(string overlay)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay, "match-conditions", "pod-opt-in"));

        foreach (var (pods, namespaces) in (IEnumerable<(V1LabelSelector, V1LabelSelector)>)[
            .. manifests.One<V1MutatingWebhookConfiguration>().Webhooks.Where(IsOptIn).Select(webhook => (webhook.ObjectSelector, webhook.NamespaceSelector)),
            .. manifests.One<V1ValidatingWebhookConfiguration>().Webhooks.Where(IsOptIn).Select(webhook => (webhook.ObjectSelector, webhook.NamespaceSelector))])
        {
            Assert.Equal([LxcfsNames.Enabled], Values(pods, LxcfsNames.Label, "In"));
            Assert.Equal([LxcfsNames.Enabled, LxcfsNames.Disabled], Values(namespaces, LxcfsNames.Label, "NotIn"));
            Assert.Equal(Protected, Values(namespaces, "kubernetes.io/metadata.name", "NotIn"));
            Assert.Equal(["baseline", "restricted"], Values(namespaces, "pod-security.kubernetes.io/enforce", "NotIn"));
        }

        var (mutating, optIn) = (manifests.Mutating, manifests.MutatingEntry("mutate-opt-in"));
        Assert.Equal((mutating.ClientConfig.Url, mutating.ClientConfig.Service?.Path), (optIn.ClientConfig.Url, optIn.ClientConfig.Service?.Path));
        Assert.Equal(mutating.MatchConditions.Select(condition => condition.Expression), optIn.MatchConditions.Select(condition => condition.Expression));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("service")]
    public async Task The_cluster_and_the_product_never_wait_for_the_webhook(string overlay)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync(overlay));
        var updates = manifests.ValidatingEntry("validate-update");

        foreach (var selector in (V1LabelSelector[])[manifests.Mutating.NamespaceSelector, manifests.Validating.NamespaceSelector, updates.NamespaceSelector])
        {
            Assert.Equal(Protected, Values(selector, "kubernetes.io/metadata.name", "NotIn"));
            Assert.Equal(["baseline", "restricted"], Values(selector, "pod-security.kubernetes.io/enforce", "NotIn"));
            Assert.Equal([LxcfsNames.Enabled], Values(selector, LxcfsNames.Label, "In"));
        }

        foreach (var selector in (V1LabelSelector[])[manifests.Mutating.ObjectSelector, manifests.Validating.ObjectSelector, updates.ObjectSelector])
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
        var update = manifests.ValidatingEntry("validate-update");
        Assert.Equal(("None", 3, "Equivalent"), (update.SideEffects, update.TimeoutSeconds, update.MatchPolicy));
    }

    /// <summary>The names that deploy.sh's tables give things, against what is there to render.</summary>
    [Fact]
    public async Task The_tables_of_deploy_sh_know_every_component_and_every_kind()
    {
        Assert.Equal(Components, Table("components.tsv").Select(row => row.Split('\t')[0]));
        var kinds = Table("kinds.txt").Select(row => Singular(row.Split('.')[0])).ToHashSet();
        foreach (var overlay in (string[])["url", "service"])
        {
            var manifests = Manifests.Load(await kustomization.RenderAsync(overlay, Components));
            Assert.All(manifests.Documents.Select(KindOf), kind => Assert.Contains(kind, kinds));
        }
    }

    private static IEnumerable<string> Policies(Manifests manifests) =>
    [
        .. manifests.One<V1MutatingWebhookConfiguration>().Webhooks.Select(webhook => Policy(webhook.Name, webhook.FailurePolicy, webhook.Rules)),
        .. manifests.One<V1ValidatingWebhookConfiguration>().Webhooks.Select(webhook => Policy(webhook.Name, webhook.FailurePolicy, webhook.Rules)),
    ];

    private static string Policy(string name, string policy, IEnumerable<V1RuleWithOperations> rules) =>
        $"{name[..name.IndexOf('.', StringComparison.Ordinal)]} {policy} {string.Join(", ", rules.Select(Describe))}";

    private static bool IsOptIn(V1MutatingWebhook webhook) => webhook.Name.Contains("-opt-in", StringComparison.Ordinal);

    private static bool IsOptIn(V1ValidatingWebhook webhook) => webhook.Name.Contains("-opt-in", StringComparison.Ordinal);

    private static IEnumerable<string> Table(string name) =>
        File.ReadLines(Path.Combine(Repository.Infra, "lib", name)).Where(line => !line.StartsWith('#'));

    private static string KindOf(string document) =>
        document.Split('\n').First(line => line.StartsWith("kind: ", StringComparison.Ordinal))["kind: ".Length..].ToLowerInvariant();

    private static string Singular(string plural) =>
        plural.EndsWith("ies", StringComparison.Ordinal) ? $"{plural[..^3]}y" : plural[..^1];

    private static string Describe(V1RuleWithOperations rule) => $"{string.Join(',', rule.Operations)} {string.Join(',', rule.Resources)}";

    private static IList<string> Values(V1LabelSelector selector, string key, string @operator) =>
        Assert.Single(selector.MatchExpressions, expression => expression.Key == key && expression.OperatorProperty == @operator).Values;
}
