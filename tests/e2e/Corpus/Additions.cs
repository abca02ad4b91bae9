using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>What mutate adds to a pod, taken away again.</summary>
internal static class Additions
{
    private static readonly string[] Lists = ["initContainers", "containers"];

    /// <summary>The pod without them.</summary>
    public static JsonObject Remove(JsonObject mutated)
    {
        var pod = mutated.DeepClone().AsObject();
        var spec = pod["spec"]!.AsObject();
        RemoveOurs(spec, "volumes");
        foreach (var container in Lists.SelectMany(list => spec[list]?.AsArray() ?? []))
            RemoveOurs(container!.AsObject(), "volumeMounts");
        var annotations = pod["metadata"]!["annotations"]!.AsObject();
        annotations.Remove(LxcfsNames.Status);
        annotations.Remove(LxcfsNames.Deliver);
        annotations.Remove(LxcfsNames.SafeToEvictLocalVolumes);
        if (annotations.Count == 0)
            pod["metadata"]!.AsObject().Remove("annotations");
        return pod;
    }

    private static void RemoveOurs(JsonObject parent, string list)
    {
        if (parent[list] is not JsonArray items)
            return;
        foreach (var item in items.Where(item => LxcfsFile.All.Any(file => file.Volume == (string?)item!["name"])).ToList())
            items.Remove(item);
        if (items.Count == 0)
            parent.Remove(list);
    }
}
