using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>With the component node-delivery: whom an API server asks about a namespace, and what it stores.</summary>
public sealed class DeliveryTests(DeliveryTests.DeliveryCluster clusters) : IClassFixture<DeliveryTests.DeliveryCluster>
{
    private const string Level = "pod-security.kubernetes.io/enforce";

    [Theory]
    [InlineData("restricted", "mutate-node", LxcfsNames.DeliverNode, "DeliveredByNode")]
    [InlineData("baseline", "mutate-node", LxcfsNames.DeliverNode, "DeliveredByNode")]
    [InlineData("privileged", "mutate", LxcfsNames.DeliverHostPath, "Injected")]
    [InlineData("", "mutate", LxcfsNames.DeliverHostPath, "Injected")]
    public async Task What_a_namespace_enforces_decides_who_brings_the_files(string level, string webhook, string delivery, string reason)
    {
        var (cluster, team) = await TeamAsync(level);
        var pod = await StoredAsync(cluster, team, delivery);

        var other = webhook == "mutate" ? "mutate-node" : "mutate";
        var asked = cluster.Audit.Of(team, (string)pod["metadata"]!["name"]!);
        Assert.Equal(("Mutated", reason), (Audit.Annotations(asked, $"{webhook}.{LxcfsNames.Prefix}")["outcome"], Audit.Annotations(asked, $"{webhook}.{LxcfsNames.Prefix}")["reason"]));
        Assert.Empty(Audit.Annotations(asked, $"{other}.{LxcfsNames.Prefix}"));
        Assert.Equal(delivery == LxcfsNames.DeliverHostPath, Pods.IsMutated(pod));
    }

    [Fact]
    public async Task A_pod_that_is_left_to_its_node_is_stored_as_its_owner_wrote_it_but_for_the_nodes_that_it_may_go_to()
    {
        var (cluster, team) = await TeamAsync("restricted");
        var bare = await cluster.NamespaceAsync(labelled: false);

        var pod = await StoredAsync(cluster, team, LxcfsNames.DeliverNode);
        var plain = (await cluster.Api.CreatePodAsync(bare, Pods.Plain("app"))).Succeeded();

        var term = Assert.Single(pod["spec"]!["affinity"]!["nodeAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]!["nodeSelectorTerms"]!.AsArray())!;
        Assert.Equal(LxcfsNames.Delivers, (string?)Assert.Single(term["matchExpressions"]!.AsArray())!["key"]);
        Assert.True(pod["spec"]!.AsObject().Remove("affinity"));
        Assert.Equal($"{plain["spec"]}", $"{pod["spec"]}");
    }

    [Fact]
    public async Task A_wrong_annotation_is_denied_in_a_namespace_that_enforces_a_level_too()
    {
        var (cluster, team) = await TeamAsync("restricted");
        var name = (string)(await StoredAsync(cluster, team, LxcfsNames.DeliverNode))["metadata"]!["name"]!;

        var refused = await cluster.Kubectl.TryAsync($"create --namespace {team} --filename -", Pods.Annotated("wrong", LxcfsNames.Mutate, "maybe").ToJsonString());
        var changed = await cluster.Kubectl.TryAsync($"annotate pod {name} --namespace {team} {LxcfsNames.Env}=fortran");

        Assert.Contains($"invalid value for {LxcfsNames.Mutate} annotation: maybe", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"invalid value for {LxcfsNames.Env} annotation: fortran", changed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_tenant_writes_into_the_annotation_is_written_over()
    {
        var (cluster, team) = await TeamAsync("");
        await StoredAsync(cluster, team, LxcfsNames.DeliverHostPath);

        var pod = (await cluster.Api.CreatePodAsync(team, Pods.Annotated("own", LxcfsNames.Deliver, LxcfsNames.DeliverNode))).Succeeded();

        Assert.Equal(LxcfsNames.DeliverHostPath, DeliveryOf(pod));
        Assert.True(Pods.IsMutated(pod));
    }

    private async Task<(OwnCluster Cluster, string Namespace)> TeamAsync(string level)
    {
        var cluster = await clusters.GetAsync();
        var team = await cluster.NamespaceAsync();
        if (level.Length > 0)
            await cluster.Kubectl.RunAsync($"label namespace {team} {Level}={level}");
        return (cluster, team);
    }

    /// <summary>A namespace's label is known to the API server some time after it was stored.</summary>
    private static async Task<JsonObject> StoredAsync(OwnCluster cluster, string team, string delivery)
    {
        JsonObject? made = null;
        await Eventually.TrueAsync(
            async () => DeliveryOf(made = (await cluster.Api.CreatePodAsync(team, Pods.Plain($"app-{Guid.NewGuid():n}"))).Succeeded()) == delivery,
            () => $"the pod is not delivered to by {delivery}: {made}");
        return made!;
    }

    private static string? DeliveryOf(JsonObject pod) => (string?)pod["metadata"]!["annotations"]?[LxcfsNames.Deliver];

    /// <summary>One for all of them, started for the first.</summary>
    public sealed class DeliveryCluster : IAsyncDisposable
    {
        private OwnCluster? _cluster;

        public async ValueTask DisposeAsync()
        {
            if (_cluster is not null)
                await _cluster.DisposeAsync();
        }

        internal async Task<OwnCluster> GetAsync() => _cluster ??= await OwnCluster.StartAsync("enforce", "node-delivery");
    }
}
