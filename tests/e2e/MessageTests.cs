using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd;

/// <summary>What a user reads in a terminal, to the letter.</summary>
public sealed class MessageTests(SharedCluster clusters)
{
    private const string Fixes = $"""
        The Pod "app" is invalid:{" "}
        * metadata.annotations[{LxcfsNames.Mutate}]: invalid value for {LxcfsNames.Mutate} annotation: maybe; write "true" or "false", or remove the annotation
        * metadata.annotations[{LxcfsNames.SkipContainers}]: invalid value for {LxcfsNames.SkipContainers} annotation: nobody; no container has this name; write names of the pod's containers, separated by commas

        """;

    [Theory]
    [InlineData("apply")]
    [InlineData("apply --server-side")]
    [InlineData("create")]
    [InlineData("create --dry-run=server")]
    public async Task kubectl_prints_every_wrong_annotation_with_its_fix(string command)
    {
        var (cluster, team) = await TeamAsync();
        var pod = Pods.Annotated("app", LxcfsNames.Mutate, "maybe");
        pod["metadata"]!["annotations"]![LxcfsNames.SkipContainers] = "nobody";

        var run = await cluster.Kubectl.TryAsync($"{command} --namespace {team} --filename -", pod.ToJsonString());

        Assert.Equal((1, "", Fixes), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task kubectl_warns_of_a_file_that_the_pod_s_own_volume_keeps_out()
    {
        var (cluster, team) = await TeamAsync();
        var pod = Pods.Plain("app");
        pod["spec"]!["volumes"] = System.Text.Json.Nodes.JsonNode.Parse("""[{ "name": "lxcfs-proc-meminfo", "emptyDir": {} }]""");

        var run = await cluster.Kubectl.TryAsync($"apply --namespace {team} --filename -", pod.ToJsonString());

        Assert.Equal((0, "pod/app created\n"), (run.ExitCode, run.Output));
        Assert.Equal("Warning: lxcfs: /proc/meminfo shows the node: volume lxcfs-proc-meminfo has another source\n", run.Error);
    }

    [Fact]
    public async Task kubectl_warns_of_limits_that_are_missing()
    {
        var (cluster, team) = await TeamAsync();

        var run = await cluster.Kubectl.TryAsync($"run app --namespace {team} --image localhost/busybox:test --restart Never");

        Assert.Equal(
            """
            Warning: lxcfs: no memory limit, so free shows the node's memory: app
            Warning: lxcfs: no CPU limit, so /proc/cpuinfo shows the node's CPUs: app

            """,
            run.Error);
    }

    [Fact]
    public async Task An_old_pod_with_a_wrong_annotation_loses_its_finalizer_but_gets_no_new_mistake()
    {
        var cluster = await clusters.AnyAsync();
        var team = await cluster.NamespaceAsync(labelled: false);
        var old = Pods.Annotated("app", LxcfsNames.Mutate, "maybe");
        old["metadata"]!["finalizers"] = System.Text.Json.Nodes.JsonNode.Parse("""["example.com/backup"]""");
        (await cluster.Api.CreatePodAsync(team, old)).Succeeded();
        await cluster.Kubectl.RunAsync($"label namespace {team} {LxcfsNames.Label}={LxcfsNames.Enabled}");
        await cluster.IsServedAsync(team);

        var refused = await cluster.Kubectl.TryAsync($"annotate pod app --namespace {team} {LxcfsNames.Env}=fortran");
        var removed = await cluster.Kubectl.RunAsync($$"""patch pod app --namespace {{team}} --type json --patch [{"op":"remove","path":"/metadata/finalizers"}]""");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"invalid value for {LxcfsNames.Env} annotation: fortran; write some of ", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("maybe", refused.Error, StringComparison.Ordinal);
        Assert.Equal("pod/app patched\n", removed);
    }

    private async Task<(Cluster Cluster, string Namespace)> TeamAsync()
    {
        var cluster = await clusters.AnyAsync();
        return (cluster, await cluster.NamespaceAsync());
    }
}
