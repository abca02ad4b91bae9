using System.Text.Json.Nodes;
using CsCheck;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>What is written.</summary>
internal sealed partial class OddYaml
{
    private static readonly string[] Texts = ["\n  late: true\nend\n", "\n\n\nlast", "one\n\n  two\n", "a b c d", "it's \"so\": # x", "--verbose", "- x", "{}", "yes", "0x1F", "~", " ", "", "x: y", "a #b"];

    /// <summary>A pod, or two Deployments with one template, and the text of them.</summary>
    public static Gen<(JsonNode[] Objects, string Text)> Manifests { get; } = Gen.Select(
        PodGenerator.Review, Gen.Int[0, int.MaxValue], Gen.Bool, (review, seed, shares) =>
        {
            var random = new Random(seed);
            var pod = review["request"]!["object"]!.DeepClone().AsObject();
            Season(pod, random);
            JsonObject[] objects = shares ? [DeploymentOf("a", pod), DeploymentOf("b", pod)] : [pod];
            return ((JsonNode[])objects, new OddYaml(random).Write(objects));
        });

    /// <summary>Texts of every kind, for the writer to choose a style for.</summary>
    private static void Season(JsonObject pod, Random random)
    {
        var annotations = pod["metadata"]!["annotations"] as JsonObject ?? [];
        pod["metadata"]!["annotations"] ??= annotations;
        for (var i = random.Next(4); i > 0; i--)
            annotations[$"example.com/t{i}"] = Texts[random.Next(Texts.Length)];
        foreach (var container in pod["spec"]!["containers"]!.AsArray())
            container!["args"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => (JsonNode)Texts[random.Next(Texts.Length)])]);
    }

    private static JsonObject DeploymentOf(string name, JsonObject pod) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject { ["metadata"] = pod["metadata"]!.DeepClone(), ["spec"] = pod["spec"]!.DeepClone() },
        },
    };
}
