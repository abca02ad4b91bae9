using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Manifests;

/// <summary>
/// Changes a text by the patches of its templates and proves the result: read again, it has to be what an API server makes of
/// the patches, and everything else has to be as it was.
/// </summary>
internal sealed class Rewrite(string text, IReadOnlyList<Node> documents)
{
    private readonly Dictionary<int, (List<TextEdit> Edits, Node Expected, PodTemplate First)> _byDocument = [];

    public void Add(PodTemplate template, AdmissionDecision decision)
    {
        if (decision.Patch is null)
            return;
        var patch = System.Text.Encoding.UTF8.GetString(Write(decision.Patch));
        if (!_byDocument.TryGetValue(template.Document, out var document))
            _byDocument[template.Document] = document = ([], new Expansion().Of(documents[template.Document]), template);

        var pod = documents[template.Document].At(template.Path)!;
        var changes = new Changes();
        changes.Apply(pod, (ListNode)ManifestReader.ReadPatch(patch));
        document.Edits.AddRange(new TextEditor(text, Indentation.Of(pod)).Edits(changes));
        PatchedTree.Apply(document.Expected.At(template.Path)!, (ListNode)ManifestReader.ReadPatch(patch));
    }

    /// <summary>The text with every change that can be made in place; what can't is reported and left as it was.</summary>
    public (string Output, IReadOnlyList<Node> Documents) Apply(List<ManifestError> errors)
    {
        var all = _byDocument.ToArray();
        foreach (var (index, document) in AreExact(all) ? [] : all.Where(item => !AreExact(item)))
        {
            _byDocument.Remove(index);
            errors.Add(new(document.First.Line, 1, document.First.Field(""),
                "can't be changed in place, since an anchor here is used elsewhere too; write out what its alias stands for"));
        }

        var output = Edited();
        return (output, ManifestReader.Read(output));
    }

    private string Edited() => TextEdit.Apply(text, _byDocument.Values.SelectMany(document => document.Edits));

    private bool AreExact(params ReadOnlySpan<KeyValuePair<int, (List<TextEdit> Edits, Node Expected, PodTemplate First)>> changed)
    {
        var edits = new List<TextEdit>();
        foreach (var (_, document) in changed)
            edits.AddRange(document.Edits);
        try
        {
            var read = ManifestReader.Read(TextEdit.Apply(text, edits));
            var exact = read.Count == documents.Count;
            foreach (var (index, document) in changed)
                exact = exact && Expansion.Same(document.Expected, new Expansion().Of(read[index]));
            return exact;
        }
        catch (ManifestException)
        {
            return false;
        }
    }

    private static byte[] Write(Action<JsonPatch> write)
    {
        var patch = new JsonPatch();
        write(patch);
        return patch.Complete().ToArray();
    }
}
