using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>How an administrator finds out later why a pod has the files, or has not.</summary>
public sealed class AuditTests(SharedCluster clusters)
{
    private const string Mutate = $"mutate.{LxcfsNames.Prefix}", Validate = $"validate.{LxcfsNames.Prefix}";

    [Fact]
    public async Task The_audit_log_says_what_was_done_with_each_pod_and_why()
    {
        var cluster = await clusters.OwnAsync();
        var team = await cluster.NamespaceAsync();
        await cluster.Api.CreatePodAsync(team, Pods.Plain("served"));
        await cluster.Api.CreatePodAsync(team, Pods.Annotated("out", LxcfsNames.Mutate, "false"));
        await cluster.Api.CreatePodAsync(team, Pods.Annotated("wrong", LxcfsNames.Mutate, "maybe"));

        Assert.Equal(("Mutated", "Injected", "Allowed", "Valid"), Said(cluster, team, "served"));
        Assert.Equal(("Skipped", "OptedOut", "Allowed", "OptedOut"), Said(cluster, team, "out"));
        Assert.Equal(("Skipped", "InvalidAnnotation", "Denied", "Invalid"), Said(cluster, team, "wrong"));
    }

    [Fact]
    public async Task No_call_is_made_for_a_pod_with_the_label_that_opts_out()
    {
        var cluster = await clusters.OwnAsync();
        var team = await cluster.NamespaceAsync();
        var pod = Pods.Plain("out");
        pod["metadata"]!["labels"] = new System.Text.Json.Nodes.JsonObject { [LxcfsNames.Label] = LxcfsNames.Disabled };

        var stored = (await cluster.Api.CreatePodAsync(team, pod)).Succeeded();

        Assert.False(Pods.IsMutated(stored));
        Assert.Empty(Audit.Annotations(cluster.Audit.Of(team, "out"), Mutate));
        Assert.Empty(Audit.Annotations(cluster.Audit.Of(team, "out"), Validate));
    }

    [Fact]
    public async Task A_denial_counts_in_the_metrics_of_the_API_server_and_of_the_functions()
    {
        var cluster = await clusters.OwnAsync();
        var team = await cluster.NamespaceAsync();
        var before = await ServerAsync(cluster);
        var denied = await FunctionsAsync(cluster);

        Assert.Equal(422, (int)(await cluster.Api.CreatePodAsync(team, Pods.Annotated("wrong", LxcfsNames.Env, "fortran"))).Status);

        Assert.Equal(before + 1, await ServerAsync(cluster));
        // The functions' answer to a scrape is some time old.
        await Eventually.TrueAsync(async () => await FunctionsAsync(cluster) == denied + 1, () => "the functions count no denial");
    }

    private static (string?, string?, string?, string?) Said(OwnCluster cluster, string @namespace, string pod)
    {
        var item = cluster.Audit.Of(@namespace, pod);
        var (mutate, validate) = (Audit.Annotations(item, Mutate), Audit.Annotations(item, Validate));
        return (mutate["outcome"], mutate["reason"], validate["outcome"], validate["reason"]);
    }

    private static async Task<double> ServerAsync(OwnCluster cluster) => Metrics.Sum(
        await cluster.Api.GetTextAsync("metrics"), "apiserver_admission_webhook_rejection_count", $"name=\"{Validate}\"", "error_type=\"no_error\"", "rejection_code=\"422\"");

    private static async Task<double> FunctionsAsync(OwnCluster cluster) => Metrics.Sum(
        await cluster.Functions.MetricsAsync(), "lxcfs_admission_responses_total", "webhook=\"validate\"", "outcome=\"Denied\"", "reason=\"Invalid\"");
}
