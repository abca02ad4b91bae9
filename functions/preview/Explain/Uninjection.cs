using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>Takes out of a manifest what inject has put in, and proves that nothing else has gone.</summary>
internal sealed class Uninjection(LxcfsOptions options, string @namespace, IReadOnlyList<TemplateKind> kinds)
{
    private readonly PodTemplates _templates = new([.. kinds, .. TemplateKind.WellKnown]);
    private readonly InjectedParts _parts = new(options);
    private AliasResolver _resolver = new();

    /// <returns>No documents; the text afterwards, how it comes of the one before, and what can't be read or taken out.</returns>
    public Preview Of(string text) => Preview.Guard(text, () => Make(text));

    private Preview Make(string text)
    {
        var manifest = ManifestReader.Read(text);
        _resolver = AliasResolver.OfWhole(text);
        var (edits, errors) = (new List<TextEdit>(), manifest.Errors.ToList());
        var injected = _templates.Find(manifest.Documents, errors).Select(item => item.Template).OfType<PodTemplate>()
            .Where(template => InjectedParts.IsInjected(manifest.Documents[template.Document].At(template.Path)!)).GroupBy(template => template.Document);
        foreach (var templates in injected)
        {
            try
            {
                edits.AddRange(EditsOf(text, manifest.Documents, templates.Key, [.. templates]));
            }
            catch (ManifestException exception)
            {
                errors.Add(exception.Error);
            }
        }

        return new([], TextEdit.Apply(text, edits), errors) { Edits = edits };
    }

    private IReadOnlyList<TextEdit> EditsOf(string text, IReadOnlyList<Node> documents, int document, PodTemplate[] templates)
    {
        var root = documents[document];
        foreach (var keepsEmpty in (bool[])[false, true])
        {
            var gone = templates.SelectMany(template => PartsOf(root, root, template)).ToHashSet();
            IReadOnlyList<TextEdit> edits =
            [
                .. new NodeRemoval(text, gone, keepsEmpty).Edits(root),
                .. templates.Select(template => _parts.SharedAnnotation(root.At(template.Path)!)).OfType<(Node Value, string Kept)>().DistinctBy(shared => shared.Value)
                    .SelectMany(shared => FlowEditor.Replace(text, new("", shared.Value, Change.Word(shared.Kept)), 0)),
            ];
            var after = ManifestReader.Read(TextEdit.Apply(text, edits)).Documents;
            if (after.Count == documents.Count && AliasResolver.Same(Expected(root, templates, keepsEmpty), _resolver.Resolve(after[document])))
                return edits;
        }

        throw ManifestException.At(root.At(templates[0].Path)!, templates[0].Field(""), ManifestProblems.NotTakenOut);
    }

    private Node Expected(Node root, PodTemplate[] templates, bool keepsEmpty)
    {
        var tree = _resolver.Resolve(root);
        var gone = templates.SelectMany(template => PartsOf(tree, root, template)).ToHashSet();
        foreach (var template in templates)
        {
            if (_parts.SharedAnnotation(tree.At(template.Path)!) is { } shared)
                tree.At([.. template.Path, "metadata", "annotations"])!.AsMap!.SetMember(LxcfsNames.SafeToEvictLocalVolumes, Change.Word(shared.Kept));
        }

        return NodeRemoval.Without(tree, gone, keepsEmpty);
    }

    /// <param name="tree">Where to look for them: the document as it stands, or expanded.</param>
    private Node[] PartsOf(Node tree, Node root, PodTemplate template)
    {
        var request = PodRequest.Of(template, _resolver.Resolve(root.At(template.Path)!), template.Namespace ?? @namespace);
        return [.. _parts.In(tree.At(template.Path)!, request)];
    }
}
