using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>What was added to a pod that its owner did not write, taken away again.</summary>
internal static class Additions
{
    private static readonly string[] Lists = ["initContainers", "containers"];

    /// <summary>What the API server writes itself, and differently each time.</summary>
    private static readonly string[] ServersOwn = ["uid", "creationTimestamp", "namespace", "managedFields", "selfLink", "name", "resourceVersion"];

    private static readonly string[] Marks = [LxcfsNames.Status, LxcfsNames.Deliver, LxcfsNames.DeliverExcept];

    /// <summary>The pod without the files that mutate adds.</summary>
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

    /// <summary>The pod without what differs between any two.</summary>
    public static JsonObject RemoveServersOwn(JsonObject stored)
    {
        var pod = stored.DeepClone().AsObject();
        foreach (var field in ServersOwn)
            pod["metadata"]!.AsObject().Remove(field);
        return pod;
    }

    /// <summary>The pod without what leaves it to its node, whoever wrote that.</summary>
    public static JsonObject RemoveMarks(JsonObject marked)
    {
        var pod = marked.DeepClone().AsObject();
        foreach (var name in Marks)
            RemoveWithEmptyParents(pod, ["metadata", "annotations", name]);
        string[] required = ["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        var terms = required.Aggregate((JsonNode?)pod, (node, name) => node?[name])?["nodeSelectorTerms"]?.AsArray() ?? [];
        foreach (var term in terms.ToList())
        {
            if (term!["matchExpressions"] is not JsonArray expressions)
                continue;
            foreach (var ours in expressions.Where(item => (string?)item!["key"] == LxcfsNames.Delivers).ToList())
                expressions.Remove(ours);
            if (expressions.Count == 0)
                term.AsObject().Remove("matchExpressions");
            if (term.AsObject().Count == 0)
                terms.Remove(term);
        }

        if (terms.Count == 0)
            RemoveWithEmptyParents(pod, required);
        return pod;
    }

    private static void RemoveWithEmptyParents(JsonObject parent, ReadOnlySpan<string> path)
    {
        if (path.Length > 1)
        {
            if (parent[path[0]] is not JsonObject child)
                return;
            RemoveWithEmptyParents(child, path[1..]);
            if (child.Count > 0)
                return;
        }

        parent.Remove(path[0]);
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
