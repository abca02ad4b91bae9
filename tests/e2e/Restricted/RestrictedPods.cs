using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Corpus;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.EndToEnd.Restricted;

/// <summary>Pods as the level <c>restricted</c> wants them written, but for what they say otherwise themselves.</summary>
internal static class RestrictedPods
{
    private const string Golden = "tests/LxcfsFunctions.Tests/TestData/golden";

    private static readonly string[] Lists = ["initContainers", "containers"];

    public static JsonObject Plain(string name) => Completed(Pods.Plain(name));

    /// <summary>Of the golden cases, all that mutate leaves to their node, by the case's name.</summary>
    public static IReadOnlyList<(string Name, JsonObject Pod)> OfGoldenCases() =>
    [
        .. from response in Directory.GetFiles(Path.Combine(Repository.Root, Golden), "response.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           where (string?)Json(response)["auditAnnotations"]?["reason"] == "DeliveredByNode"
           let folder = Path.GetDirectoryName(response)!
           let name = $"{Path.GetFileName(Path.GetDirectoryName(folder))}-{Path.GetFileName(folder)}"
           select (name, Named(Json(Path.Combine(folder, "review.json"))["request"]!["object"]!, name)),
    ];

    /// <summary>One for each field that a pod can have.</summary>
    public static IReadOnlyList<(string Name, JsonObject Pod)> OfEveryField(Schema pod) =>
        [.. PodShapes.Of(pod).Select(shape => (shape.Field, Completed(shape.Pod)))];

    /// <summary>Adds what the level asks for where the pod says nothing of it.</summary>
    private static JsonObject Completed(JsonObject pod)
    {
        var spec = pod["spec"]!.AsObject();
        var context = Object(spec, "securityContext");
        context["runAsNonRoot"] ??= true;
        context["seccompProfile"] ??= new JsonObject { ["type"] = "RuntimeDefault" };
        foreach (var container in Lists.SelectMany(list => spec[list]?.AsArray() ?? []))
        {
            context = Object(container!.AsObject(), "securityContext");
            context["allowPrivilegeEscalation"] ??= false;
            Object(context, "capabilities")["drop"] ??= new JsonArray("ALL");
        }

        return pod;
    }

    private static JsonObject Named(JsonNode pod, string name)
    {
        var named = pod.DeepClone().AsObject();
        named["metadata"]!["name"] = name;
        named["metadata"]!.AsObject().Remove("namespace");
        return Completed(named);
    }

    private static JsonObject Object(JsonObject parent, string name) => (parent[name] ??= new JsonObject()).AsObject();

    private static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(file))!;
}
