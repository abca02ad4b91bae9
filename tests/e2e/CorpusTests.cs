using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Corpus;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>Pods of every shape: whatever a pod may say, mutate neither breaks nor loses it.</summary>
public sealed class CorpusTests(SharedCluster clusters)
{
    private const int AtOnce = 4, Least = 200;

    /// <summary>What the API server writes itself, and differently each time.</summary>
    private static readonly string[] Changing = ["uid", "creationTimestamp", "namespace", "managedFields", "selfLink", "name"];

    [Fact]
    public async Task The_API_server_takes_every_shape_of_pod_with_the_files_as_it_does_without()
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
            {
                Console.WriteLine($"DBG {shape.Field}: {without.Message}");
                return;
            }
            Assert.True(Pods.IsMutated(with.Body), $"{shape.Field}: without the files");
            Assert.Equal($"{shape.Field}: {Kept(without.Body)}", $"{shape.Field}: {Kept(Additions.Remove(with.Body))}");
            Interlocked.Increment(ref accepted);
        });

        Measured.Print($"{shapes.Count} shapes of pods, one for each field that the API server knows; it takes {accepted} of them");
        Assert.True(accepted >= Least, $"only {accepted} of {shapes.Count} pods were taken");
    }

    private static JsonObject Kept(JsonObject pod)
    {
        foreach (var field in Changing)
            pod["metadata"]!.AsObject().Remove(field);
        return pod;
    }
}
