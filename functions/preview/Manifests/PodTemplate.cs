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

/// <summary>An object of a manifest, or one of the templates that it has.</summary>
/// <param name="Group">Its API group; null where it names none.</param>
/// <param name="Template">Null for one that makes no pods, or none that are known here.</param>
/// <param name="Field">Which of several templates it is, by the path from the object; empty where there is one.</param>
internal sealed record ManifestObject(string? Group, string Kind, string? Name, string? Namespace, int Line, PodTemplate? Template, string Field = "")
{
    /// <summary>Where it seems to have templates, though its kind is not known.</summary>
    public IReadOnlyList<string> Unserved { get; init; } = [];
}

/// <summary>Finds what makes pods.</summary>
/// <param name="kinds">Those to look into.</param>
internal sealed class PodTemplates(IReadOnlyList<TemplateKind> kinds)
{
    private const int DeepestList = 10;

    /// <summary>Beyond what a document can hold without aliases.</summary>
    private const int MostAliased = 10_000;

    private int _left;

    /// <param name="errors">Takes in what keeps a document from being looked through.</param>
    public IReadOnlyList<ManifestObject> Find(IReadOnlyList<Node> documents, List<ManifestError> errors)
    {
        var found = new List<ManifestObject>();
        foreach (var (index, root) in documents.Index())
        {
            try
            {
                // The least that an object takes is a dash, a space and its braces.
                _left = (root.Span.End - root.Span.Start) / 4 + MostAliased;
                found.AddRange([.. Find(root, index, [], fallbackKind: null)]);
            }
            catch (ManifestException exception)
            {
                errors.Add(exception.Error);
            }
        }

        return found;
    }

    private IEnumerable<ManifestObject> Find(Node node, int document, string[] path, string? fallbackKind)
    {
        Count(node, 1);
        if (node.AsMap is null)
            return [];
        var kind = node.Find("kind")?.AsString ?? fallbackKind ?? "";
        if (kind.EndsWith("List", StringComparison.Ordinal) && node.Find("items")?.AsList is { } items && path.Length < DeepestList * 2)
            return items.Items.SelectMany((item, index) => Find(item, document, [.. path, "items", $"{index}"], kind[..^"List".Length]));
        var metadata = node.Find("metadata");
        var found = new ManifestObject(
            GroupOf(node), kind, metadata?.Find("name")?.AsString ?? metadata?.Find("generateName")?.AsString, metadata?.Find("namespace")?.AsString,
            node.Span.Line, null);
        var known = kinds.Where(row => row.Is(found.Group, kind)).ToArray();
        if (known.Length == 0)
            return [found with { Unserved = TemplateSearch.In(node) }];
        var templates = known.SelectMany(row => row.In(node)).ToArray();
        Count(node, templates.Length);
        return templates.Length == 0 ? [found] : templates.Select(below => found with
        {
            Template = new(kind, found.Name, found.Namespace, node.Span.Line, document, [.. path, .. below]),
            Field = templates.Length == 1 ? "" : FieldPath.Of(below),
        });
    }

    private void Count(Node node, int found)
    {
        if ((_left -= found) < 0)
            throw ManifestException.At(node, "", ManifestProblems.TooManyObjects(MostAliased));
    }

    private static string? GroupOf(Node node) => node.Find("apiVersion")?.AsString?.Split('/') switch
    {
        null => null,
        [var group, _] => group,
        _ => "",
    };
}
