using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Corpus;

/// <summary>One pod for every field that a pod can have, each with that field and with what the field can't be without.</summary>
internal static class PodShapes
{
    /// <summary>In every pod; written by the API server alone; or refused when a pod is made.</summary>
    private static readonly string[] Left =
    [
        "apiVersion", "kind", "status", "metadata.managedFields", "metadata.creationTimestamp", "metadata.deletionTimestamp",
        "metadata.deletionGracePeriodSeconds", "metadata.generation", "metadata.resourceVersion", "metadata.selfLink", "metadata.uid",
        "metadata.namespace", "spec.ephemeralContainers",
    ];

    public static IEnumerable<(string Field, JsonObject Pod)> Of(Schema pod) => Leaves(pod, [])
        .Where(path => !Left.Contains(path[0]) && !(path.Length > 1 && Left.Contains($"{path[0]}.{path[1]}")))
        .Select(path => (string.Join('.', path), Whole((JsonObject)Build(pod, path)!)));

    /// <summary>Whether it has a field by which mutate takes it for a pod of Windows.</summary>
    public static bool IsOfWindows(JsonObject pod) => pod.ToJsonString().Contains("\"windowsOptions\":", StringComparison.Ordinal);

    private static IEnumerable<string[]> Leaves(Schema schema, string[] path) => schema.Form switch
    {
        Form.Object when schema.Fields.Count > 0 => schema.Fields.SelectMany(field => Leaves(field.Value, [.. path, field.Key])),
        Form.List or Form.Map => Leaves(schema.Items!, path),
        _ => [path],
    };

    /// <summary>The value that has the field, all the way down; null where the path has ended.</summary>
    private static JsonNode? Build(Schema schema, ReadOnlySpan<string> path, string kind = "", string field = "")
    {
        switch (schema.Form)
        {
            case Form.List:
                return new JsonArray(Build(schema.Items!, path, kind, field));
            case Form.Map:
                return new JsonObject { [FieldValues.Key(kind, field)] = Build(schema.Items!, path, kind, field) };
            case Form.Object:
                var built = new JsonObject();
                if (path.Length > 0)
                    built[path[0]] = Build(schema.Fields[path[0]], path[1..], schema.Kind, path[0]);
                foreach (var name in schema.Required.Where(name => !built.ContainsKey(name)))
                    built[name] = Build(schema.Fields[name], [], schema.Kind, name);
                FieldValues.Complete(schema.Kind, built);
                return built;
            default:
                return FieldValues.Of(schema.Form, kind, field);
        }
    }

    /// <summary>A pod around it: somewhere to mount from, and a container.</summary>
    private static JsonObject Whole(JsonObject pod)
    {
        pod["apiVersion"] = "v1";
        pod["kind"] = "Pod";
        var metadata = pod["metadata"] ??= new JsonObject();
        if (metadata["generateName"] is null)
            metadata["name"] ??= "app";
        var spec = pod["spec"] ??= new JsonObject();
        var containers = (spec["containers"] ??= new JsonArray()).AsArray();
        if (containers.Count == 0)
            containers.Add(JsonNode.Parse("""{ "image": "app" }"""));
        containers[0]!["name"] = "app";
        spec["serviceAccountName"] ??= "default";
        var volumes = (spec["volumes"] ??= new JsonArray()).AsArray();
        volumes.Add(JsonNode.Parse("""{ "name": "data", "emptyDir": {} }"""));
        volumes.Add(JsonNode.Parse("""{ "name": "disk", "persistentVolumeClaim": { "claimName": "disk" } }"""));
        return pod;
    }
}
