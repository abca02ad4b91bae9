using System.Text;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Hosting;

namespace LxcfsFunctions.Manifests;

/// <summary>
/// Changes a text by the patches of its templates and proves the result: read again, it has to be what an API server makes of
/// the patches, and everything else has to be as it was.
/// </summary>
internal sealed class ManifestPatcher(string text, IReadOnlyList<Node> documents)
{
    private readonly AliasResolver _resolver = AliasResolver.OfWhole(text);
    private readonly SortedDictionary<int, List<(PodTemplate Template, string Patch)>> _byDocument = [];

    public void Add(PodTemplate template, AdmissionDecision decision)
    {
        if (decision.Patch is not { } patch)
            return;
        if (!_byDocument.TryGetValue(template.Document, out var patches))
            _byDocument[template.Document] = patches = [];
        using var json = new PooledBuffer(1024);
        patch.WriteTo(json);
        patches.Add((template, Encoding.UTF8.GetString(json.Written.Span)));
    }

    /// <summary>The changes that can be made in place, and the documents afterwards; what can't is reported and left as it was.</summary>
    public (IReadOnlyList<TextEdit> Edits, IReadOnlyList<Node> Documents) Apply(List<ManifestError> errors)
    {
        var edits = _byDocument.SelectMany(document => Edits(document.Key, writesOut: false)).ToList();
        // Nearly always right at once; only then is it worth finding out which document isn't.
        if (Read(edits, _byDocument.Keys) is not { } read)
        {
            edits = [.. _byDocument.Keys.SelectMany(document => EditsOneByOne(document, errors))];
            read = Read(edits, [])!;
        }

        return (edits, read);
    }

    private IReadOnlyList<TextEdit> EditsOneByOne(int document, List<ManifestError> errors)
    {
        try
        {
            _ = Expected(document);
        }
        catch (ManifestException exception)
        {
            // Beside the templates, so nobody has looked there yet.
            errors.Add(exception.Error);
            return [];
        }

        foreach (var writesOut in (bool[])[false, true])
        {
            var edits = Edits(document, writesOut);
            if (Read(edits, [document]) is not null)
                return edits;
        }

        var first = _byDocument[document][0].Template;
        errors.Add(new(first.Line, 1, first.Field(""), EndsInBlock(document)
            ? ManifestProblems.EndsInBlock
            : ManifestProblems.SharedAnchor));
        return [];
    }

    /// <summary>Whether a newline behind the text would change a value, as a line that follows would, or be no YAML.</summary>
    private bool EndsInBlock(int document)
    {
        if (text.EndsWith('\n'))
            return false;
        var read = ManifestReader.Read(text + "\n").Documents;
        return read.Count != documents.Count || !AliasResolver.Same(_resolver.Resolve(documents[document]), _resolver.Resolve(read[document]));
    }

    private IReadOnlyList<TextEdit> Edits(int document, bool writesOut)
    {
        var changes = new Changes(writesOut);
        foreach (var (template, patch) in _byDocument[document])
            changes.Apply(documents[document].At(template.Path)!, (ListNode)ManifestReader.ReadPatch(patch));
        var style = Indentation.Of(documents[document].At(_byDocument[document][0].Template.Path)!);
        return [.. new TextEditor(text, style).Edits(changes)];
    }

    /// <summary>The documents of the edited text; null where they are not exactly what the patches make of them.</summary>
    private IReadOnlyList<Node>? Read(IEnumerable<TextEdit> edits, IEnumerable<int> changed)
    {
        try
        {
            var read = ManifestReader.Read(TextEdit.Apply(text, edits)).Documents;
            return read.Count == documents.Count && changed.All(index => IsAsPatched(index, read[index])) ? read : null;
        }
        catch (ManifestException)
        {
            return null;
        }
    }

    private bool IsAsPatched(int document, Node read) =>
        // Of a key that stands there twice some readers take the last one, and others refuse both.
        read.CountRepeatedKeys() <= documents[document].CountRepeatedKeys() && AliasResolver.Same(Expected(document), _resolver.Resolve(read));

    private Node Expected(int document)
    {
        var expected = _resolver.Resolve(documents[document]);
        foreach (var (template, patch) in _byDocument[document])
            PatchedTree.Apply(expected.At(template.Path)!, (ListNode)ManifestReader.ReadPatch(patch));
        return expected;
    }
}
