using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Corpus;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>Pods of every shape: whatever a pod may say, mutate neither breaks nor loses it.</summary>
public sealed class CorpusTests(SharedCluster clusters)
{
    private const int AtOnce = 4, Least = 200;

    [Fact]
    public async Task The_API_server_takes_every_shape_of_pod_with_the_files_exactly_where_it_does_without()
    {
        var cluster = await clusters.AnyAsync();
        var (labelled, other) = (await cluster.NamespaceAsync(), await cluster.NamespaceAsync(labelled: false));
        var shapes = PodShapes.Of(new OpenApiSchema(await cluster.Api.GetAsync("openapi/v2")).Pod).ToList();
        var accepted = 0;

        await Parallel.ForEachAsync(shapes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (shape, _) =>
        {
            var with = await cluster.Api.CreatePodAsync(labelled, shape.Pod, dryRun: true);
            var without = await cluster.Api.CreatePodAsync(other, shape.Pod, dryRun: true);
            Assert.True(with.Status == without.Status, $"{shape.Field}: {with.Status} {with.Message}, but without the files {without.Status} {without.Message}");
            if (!with.IsSuccess)
                return;
            Assert.True(Pods.IsMutated(with.Body) != LeavesAlone(shape.Pod), $"{shape.Field}: mutated: {Pods.IsMutated(with.Body)}");
            var left = LeavesAlone(shape.Pod) ? with.Body : Additions.Remove(with.Body);
            Assert.Equal($"{shape.Field}: {Additions.RemoveServersOwn(without.Body)}", $"{shape.Field}: {Additions.RemoveServersOwn(left)}");
            Interlocked.Increment(ref accepted);
        });

        Measured.Print($"{shapes.Count} shapes of pods, one for each field that the API server knows; it takes {accepted} of them");
        Assert.True(accepted >= Least, $"only {accepted} of {shapes.Count} pods were taken");
    }

    [Fact]
    public async Task No_field_of_a_younger_Kubernetes_is_lost_by_the_published_executable()
    {
        var cluster = await clusters.OwnAsync();
        using var client = cluster.Functions.CreateClient();
        var shapes = PodShapes.Of(ModelSchema.Pod).ToList();

        await Parallel.ForEachAsync(shapes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (shape, cancellation) =>
        {
            using var body = new StringContent(Review(shape.Pod).ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(new Uri("mutate", UriKind.Relative), body, cancellation);
            var response = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!["response"]!;
            Assert.True(response["patch"] is null == LeavesAlone(shape.Pod), $"{shape.Field}: {response}");
            if (response["patch"] is null)
                return;
            var patch = JsonNode.Parse(Convert.FromBase64String((string)response["patch"]!))!.AsArray();
            var mutated = AddingPatch.Apply(shape.Pod, patch);
            Assert.True(Pods.IsMutated(mutated), $"{shape.Field}: without the files");
            Assert.Equal($"{shape.Field}: {shape.Pod}", $"{shape.Field}: {Additions.Remove(mutated)}");
        });

        string[] young =
        [
            "spec.resourceClaims.name", "spec.schedulingGates.name", "spec.resources.limits", "spec.os.name", "spec.initContainers.restartPolicy",
            "spec.hostUsers",
        ];
        Assert.Subset(shapes.Select(shape => shape.Field).ToHashSet(), young.ToHashSet());
        Measured.Print($"{shapes.Count} shapes of pods, one for each field that KubernetesClient knows");
    }

    /// <summary>What says by itself that the pod can't have the files: the golden cases show each.</summary>
    private static bool LeavesAlone(JsonObject pod) =>
        pod["spec"]!["hostUsers"]?.GetValueKind() == System.Text.Json.JsonValueKind.False
        || PodShapes.IsOfWindows(pod);

    private static JsonObject Review(JsonObject pod) => new()
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "u",
            ["operation"] = "CREATE",
            ["namespace"] = "team",
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["resource"] = "pods" },
            ["object"] = pod.DeepClone(),
        },
    };
}
