using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd;

/// <summary>What the API server that can be built here is too old for: these run against the cluster that KUBECONFIG names.</summary>
public sealed class YoungerServerTests(SharedCluster clusters)
{
    [Fact]
    public async Task A_pod_with_the_files_is_resized()
    {
        var (cluster, team) = await TeamAsync("pods/resize", "1.33");

        const string Patch = """{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"512Mi"}}}]}}""";
        await cluster.Kubectl.RunAsync($"patch pod app --namespace {team} --subresource resize --patch {Patch}");

        var pod = await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app");
        Assert.Equal("512Mi", (string?)pod["spec"]!["containers"]![0]!["resources"]!["limits"]!["memory"]);
        Assert.True(Pods.IsMutated(pod));
    }

    [Fact]
    public async Task A_debug_container_gets_the_files_that_its_pod_has()
    {
        var (cluster, team) = await TeamAsync("pods/ephemeralcontainers", "1.22");

        await cluster.Kubectl.RunAsync($"debug app --namespace {team} --profile general --image localhost/busybox:test --container debugger");

        var debugger = Assert.Single((await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app"))["spec"]!["ephemeralContainers"]!.AsArray())!;
        Assert.Equal(
            LxcfsFile.All.SelectMany(file => file.Mounts).Select(mount => mount.Path).Order(StringComparer.Ordinal),
            debugger["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!).Order(StringComparer.Ordinal));
    }

    private async Task<(Cluster Cluster, string Namespace)> TeamAsync(string resource, string since)
    {
        var cluster = await clusters.AnyAsync();
        var found = (await cluster.Api.GetAsync("api/v1"))["resources"]!.AsArray().FirstOrDefault(item => (string?)item!["name"] == resource);
        Assert.SkipUnless(
            (string?)found?["kind"] == "Pod",
            $"this API server ({(await cluster.Api.GetAsync("version"))["gitVersion"]}) can't do it: {resource} takes a pod since {since}, and KUBECONFIG names no other cluster");
        var team = await cluster.NamespaceAsync();
        (await cluster.Api.CreatePodAsync(team, Pods.Plain("app"))).Succeeded();
        return (cluster, team);
    }
}
