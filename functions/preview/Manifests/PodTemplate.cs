namespace LxcfsFunctions.Manifests;

/// <summary>A pod, or what a controller makes pods from.</summary>
/// <param name="Kind">Of the object that stands in the manifest.</param>
/// <param name="Path">The steps from the document's root to what becomes the pod: its parent of metadata and spec.</param>
/// <param name="Document">Which of the text's documents, from 0.</param>
internal sealed record PodTemplate(string Kind, string? Name, string? Namespace, int Line, int Document, IReadOnlyList<string> Path)
{
    /// <summary>A field below it as Kubernetes writes it, from the document's root.</summary>
    public string Field(string below) => FieldPath.Of([.. Path, .. below.Length > 0 ? (string[])[below] : []]);
}

/// <summary>An object of a manifest.</summary>
/// <param name="Template">Null for one that makes no pods.</param>
internal sealed record ManifestObject(string Kind, string? Name, string? Namespace, int Line, PodTemplate? Template);

/// <summary>Finds what makes pods.</summary>
internal static class PodTemplates
{
    private const int DeepestList = 10;

    /// <summary>Kinds, their API group, and where they keep the pod's template. A group of its own may use the same name.</summary>
    private static readonly (string Group, string Kind, string[] Path)[] Kinds =
    [
        ("", "Pod", []),
        ("", "ReplicationController", ["spec", "template"]),
        ("apps", "Deployment", ["spec", "template"]),
        ("apps", "StatefulSet", ["spec", "template"]),
        ("apps", "DaemonSet", ["spec", "template"]),
        ("apps", "ReplicaSet", ["spec", "template"]),
        ("batch", "Job", ["spec", "template"]),
        ("batch", "CronJob", ["spec", "jobTemplate", "spec", "template"]),
    ];

    public static IEnumerable<ManifestObject> Find(IReadOnlyList<Node> documents) =>
        documents.SelectMany((root, index) => Find(root, index, [], fallbackKind: null));

    private static IEnumerable<ManifestObject> Find(Node node, int document, string[] path, string? fallbackKind)
    {
        if (node.AsMap is null)
            return [];
        var kind = node.Find("kind")?.AsString ?? fallbackKind ?? "";
        if (kind.EndsWith("List", StringComparison.Ordinal) && node.Find("items")?.AsList is { } items && path.Length < DeepestList * 2)
            return items.Items.SelectMany((item, index) => Find(item, document, [.. path, "items", $"{index}"], kind[..^"List".Length]));
        var metadata = node.Find("metadata");
        var name = metadata?.Find("name")?.AsString ?? metadata?.Find("generateName")?.AsString;
        var @namespace = metadata?.Find("namespace")?.AsString;
        return [new(kind, name, @namespace, node.Place.Line, TemplateOf(node, kind) is { } below && node.At(below)?.AsMap is not null
            ? new(kind, name, @namespace, node.Place.Line, document, [.. path, .. below])
            : null)];
    }

    private static string[]? TemplateOf(Node node, string kind)
    {
        var version = node.Find("apiVersion")?.AsString?.Split('/') ?? [];
        var group = version is [var name, _] ? name : "";
        // A typed list's items carry no version of their own.
        return Kinds.FirstOrDefault(row => row.Kind == kind && (version.Length == 0 || row.Group == group)).Path;
    }
}
