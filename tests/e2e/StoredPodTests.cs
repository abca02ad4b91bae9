using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd;

/// <summary>What an API server keeps of the pods that users and controllers give it.</summary>
public sealed class StoredPodTests(SharedCluster clusters)
{
    private static readonly string[] Volumes = [.. LxcfsFile.All.Select(file => file.Volume)];

    [Fact]
    public async Task An_applied_pod_is_stored_with_every_file_read_only_and_of_type_File()
    {
        var (cluster, team) = await TeamAsync();
        await cluster.Kubectl.RunAsync($"apply --namespace {team} --filename -", Pods.Plain("app").ToJsonString());

        var pod = await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app");

        foreach (var file in LxcfsFile.All)
        {
            var source = Assert.Single(pod["spec"]!["volumes"]!.AsArray(), volume => (string?)volume!["name"] == file.Volume)!["hostPath"]!;
            Assert.Equal(($"{LxcfsFile.DefaultRoot}{file.Path}", "File"), ((string)source["path"]!, (string)source["type"]!));
            var mounts = pod["spec"]!["containers"]![0]!["volumeMounts"]!.AsArray().Where(mount => (string?)mount!["name"] == file.Volume);
            Assert.Equal(file.Mounts.Select(mount => (mount.Path, true)), mounts.Select(mount => ((string)mount!["mountPath"]!, (bool)mount["readOnly"]!)));
        }

        Assert.Equal("mutated", Annotation(pod, LxcfsNames.Status));
        Assert.Equal(string.Join(',', Volumes), Annotation(pod, LxcfsNames.SafeToEvictLocalVolumes));
    }

    [Theory]
    [InlineData("apply")]
    [InlineData("apply --server-side")]
    public async Task Applying_again_changes_nothing_and_a_new_label_leaves_the_files_where_they_are(string apply)
    {
        var (cluster, team) = await TeamAsync();
        var pod = Pods.Plain("app");
        var command = $"{apply} --namespace {team} --filename -";
        await cluster.Kubectl.RunAsync(command, pod.ToJsonString());
        var first = await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app");

        await cluster.Kubectl.RunAsync(command, pod.ToJsonString());
        var second = await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app");
        pod["metadata"]!["labels"] = new JsonObject { ["tier"] = "web" };
        await cluster.Kubectl.RunAsync(command, pod.ToJsonString());
        var third = await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app");

        Assert.True(Pods.IsMutated(first));
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
        Assert.Equal("web", (string?)third["metadata"]!["labels"]!["tier"]);
        Assert.Equal($"{first["spec"]}", $"{third["spec"]}");
    }

    [Fact]
    public async Task A_dry_run_shows_the_files_and_stores_nothing()
    {
        var (cluster, team) = await TeamAsync();

        var shown = await cluster.Kubectl.RunAsync($"apply --namespace {team} --dry-run=server --output json --filename -", Pods.Plain("app").ToJsonString());

        Assert.True(Pods.IsMutated(JsonNode.Parse(shown)!.AsObject()));
        Assert.Empty((await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_pod_of_a_Deployment_gets_the_files_from_the_controller_s_own_request()
    {
        var (cluster, team) = await TeamAsync();
        var pod = Pods.Plain("");
        pod["metadata"] = new JsonObject
        {
            ["generateName"] = "web-7d4b9c-",
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "ReplicaSet",
                ["name"] = "web-7d4b9c",
                ["uid"] = $"{Guid.NewGuid()}",
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }),
        };

        // A dry run, since a cluster with a garbage collector would take the pod of an owner that never was.
        var shown = JsonNode.Parse(await cluster.Kubectl.RunAsync(
            $"create --as system:serviceaccount:kube-system:replicaset-controller --namespace {team} --dry-run=server --output json --filename -",
            pod.ToJsonString()))!.AsObject();

        Assert.True(Pods.IsMutated(shown));
        Assert.StartsWith("web-7d4b9c-", (string)shown["metadata"]!["name"]!, StringComparison.Ordinal);
        Assert.Equal("web-7d4b9c", (string?)Assert.Single(shown["metadata"]!["ownerReferences"]!.AsArray())!["name"]);
    }

    [Theory]
    [InlineData(LxcfsNames.Mutate, "False")]
    [InlineData(LxcfsNames.AliyunMutate, "no")]
    public async Task A_pod_that_opted_out_is_stored_as_it_came(string annotation, string value)
    {
        var (cluster, team) = await TeamAsync();

        var stored = (await cluster.Api.CreatePodAsync(team, Pods.Annotated("app", annotation, value))).Succeeded();

        Assert.False(Pods.IsMutated(stored));
        Assert.Null(Annotation(stored, LxcfsNames.Status));
    }

    [Fact]
    public async Task What_a_pod_mounts_itself_is_left_alone_and_its_other_containers_get_the_rest()
    {
        var (cluster, team) = await TeamAsync();
        var pod = Pods.Plain("app");
        pod["spec"]!["volumes"] = JsonNode.Parse("""[{ "name": "mine", "emptyDir": {} }]""");
        var other = pod["spec"]!["containers"]![0]!.DeepClone();
        other["name"] = "other";
        pod["spec"]!["containers"]!.AsArray().Add(other);
        pod["spec"]!["containers"]![0]!["volumeMounts"] = JsonNode.Parse("""[{ "name": "mine", "mountPath": "/proc/meminfo" }]""");

        var stored = (await cluster.Api.CreatePodAsync(team, pod)).Succeeded();

        Assert.Equal(["mine"], Mounts(stored, 0, "/proc/meminfo"));
        Assert.Equal(["lxcfs-proc-meminfo"], Mounts(stored, 1, "/proc/meminfo"));
        Assert.Equal(["lxcfs-proc-stat"], Mounts(stored, 0, "/proc/stat"));
    }

    [Fact]
    public async Task A_pod_with_the_files_can_be_evicted()
    {
        var (cluster, team) = await TeamAsync();
        Assert.True(Pods.IsMutated((await cluster.Api.CreatePodAsync(team, Pods.Plain("app"))).Succeeded()));
        var version = (await cluster.Api.SendAsync(HttpMethod.Get, "apis/policy/v1")).IsSuccess ? "v1" : "v1beta1";

        await cluster.Kubectl.RunAsync(
            $"create --raw /api/v1/namespaces/{team}/pods/app/eviction --filename -",
            $$"""{ "apiVersion": "policy/{{version}}", "kind": "Eviction", "metadata": { "name": "app" }, "deleteOptions": { "gracePeriodSeconds": 0 } }""");

        Assert.Empty((await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods"))["items"]!.AsArray());
    }

    private async Task<(Cluster Cluster, string Namespace)> TeamAsync()
    {
        var cluster = await clusters.AnyAsync();
        return (cluster, await cluster.NamespaceAsync());
    }

    private static string? Annotation(JsonObject pod, string key) => (string?)pod["metadata"]!["annotations"]?[key];

    private static IEnumerable<string> Mounts(JsonObject pod, int container, string path) => pod["spec"]!["containers"]![container]!["volumeMounts"]!.AsArray()
        .Where(mount => (string?)mount!["mountPath"] == path).Select(mount => (string)mount!["name"]!);
}
