using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>With the component pod-opt-in: whom the API server asks the functions about, by the labels of a pod and of its namespace.</summary>
public sealed class OptInTests(OptInTests.OptInCluster clusters) : IClassFixture<OptInTests.OptInCluster>
{
    private const string Mutate = $"mutate.{LxcfsNames.Prefix}", MutateOptIn = $"mutate-opt-in.{LxcfsNames.Prefix}";

    /// <summary>Labels of a namespace, the label of a pod, and the webhook that gives it the files.</summary>
    public static TheoryData<string, string, string> Labels => new()
    {
        { "", "enabled", MutateOptIn },
        { "", "", "" },
        { "", "disabled", "" },
        { "", "yes", "" },
        { "enabled", "", Mutate },
        // Asked once, however often it is wanted.
        { "enabled", "enabled", Mutate },
        { "enabled", "disabled", "" },
        { "disabled", "enabled", "" },
        { "disabled", "", "" },
        { "baseline", "enabled", "" },
    };

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task A_pod_may_ask_for_the_files_where_its_namespace_is_not_labelled(string ofNamespace, string ofPod, string expected)
    {
        var cluster = await clusters.GetAsync();
        var team = await cluster.NamespaceAsync(labelled: false);
        if (ofNamespace.Length > 0)
            await cluster.Kubectl.RunAsync($"label namespace {team} {(ofNamespace == "baseline" ? "pod-security.kubernetes.io/enforce" : LxcfsNames.Label)}={ofNamespace}");

        // A namespace's label is known to the API server some time after it was stored.
        JsonObject? made = null;
        var name = "";
        await Eventually.TrueAsync(
            async () =>
            {
                made = (await cluster.Api.CreatePodAsync(team, Labelled(name = $"app-{Guid.NewGuid():n}", ofPod))).Succeeded();
                return WebhooksOf(cluster, team, name) == expected;
            },
            () => $"{ofNamespace} {ofPod}: asked was {WebhooksOf(cluster, team, name)}");

        Assert.Equal(expected.Length > 0, Pods.IsMutated(made!));
    }

    [Fact]
    public async Task The_annotations_of_a_pod_that_asks_are_validated_when_it_is_made_and_when_it_is_changed()
    {
        var cluster = await clusters.GetAsync();
        var team = await cluster.NamespaceAsync(labelled: false);
        var wrong = Labelled("wrong", "enabled");
        wrong["metadata"]!["annotations"] = new JsonObject { [LxcfsNames.Mutate] = "maybe" };

        var refused = await cluster.Kubectl.TryAsync($"create --namespace {team} --filename -", wrong.ToJsonString());
        (await cluster.Api.CreatePodAsync(team, Labelled("right", "enabled"))).Succeeded();
        var changed = await cluster.Kubectl.TryAsync($"annotate pod right --namespace {team} {LxcfsNames.Env}=fortran");
        (await cluster.Api.CreatePodAsync(team, Labelled("other", ""))).Succeeded();

        Assert.Contains($"invalid value for {LxcfsNames.Mutate} annotation: maybe", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"invalid value for {LxcfsNames.Env} annotation: fortran", changed.Error, StringComparison.Ordinal);
        await cluster.Kubectl.RunAsync($"annotate pod other --namespace {team} {LxcfsNames.Env}=fortran");
    }

    private static JsonObject Labelled(string name, string label)
    {
        var pod = Pods.Plain(name);
        if (label.Length > 0)
            pod["metadata"]!["labels"] = new JsonObject { [LxcfsNames.Label] = label };
        return pod;
    }

    /// <summary>Those that the audit log has for a pod.</summary>
    private static string WebhooksOf(OwnCluster cluster, string team, string pod) =>
        string.Join(' ', ((string[])[Mutate, MutateOptIn]).Where(webhook => Audit.Annotations(cluster.Audit.Of(team, pod), webhook).Count > 0));

    /// <summary>One for all of them, started for the first.</summary>
    public sealed class OptInCluster : IAsyncDisposable
    {
        private OwnCluster? _cluster;

        public async ValueTask DisposeAsync()
        {
            if (_cluster is not null)
                await _cluster.DisposeAsync();
        }

        internal async Task<OwnCluster> GetAsync()
        {
            if (_cluster is not null)
                return _cluster;
            _cluster = await OwnCluster.StartAsync("enforce", "pod-opt-in");
            var team = await _cluster.NamespaceAsync(labelled: false);
            await Eventually.TrueAsync(
                async () => Pods.IsMutated((await _cluster.Api.CreatePodAsync(team, Labelled("asked", "enabled"), dryRun: true)).Body)
                    && !(await _cluster.Api.CreatePodAsync(team, Wrong(), dryRun: true)).IsSuccess,
                () => $"the webhooks do not answer for a single pod: {_cluster.Functions.Log}");
            return _cluster;
        }

        private static JsonObject Wrong()
        {
            var wrong = Labelled("asked", "enabled");
            wrong["metadata"]!["annotations"] = new JsonObject { [LxcfsNames.Mutate] = "maybe" };
            return wrong;
        }
    }
}
