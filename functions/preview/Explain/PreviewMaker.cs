using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>Asks both webhooks about every pod of a manifest.</summary>
internal sealed class PreviewMaker(NodeShape node, LxcfsOptions options, string @namespace, IReadOnlyList<TemplateKind> kinds, bool forbidsHostPath)
{
    private readonly PodTemplates _templates = new([.. kinds, .. TemplateKind.WellKnown]);
    private readonly PodMutator _mutator = new(options, forbidsHostPath);
    private readonly PodValidator _validator = new(options, forbidsHostPath);
    private AliasResolver _resolver = new();

    public Preview Make(string text)
    {
        var manifest = ManifestReader.Read(text);
        _resolver = AliasResolver.OfWhole(text);
        return Make(text, manifest.Documents, [.. manifest.Errors]);
    }

    private Preview Make(string text, IReadOnlyList<Node> documents, List<ManifestError> errors)
    {
        var patcher = new ManifestPatcher(text, documents);
        var verdicts = new List<(ManifestObject Object, PreviewDocument Document)>();
        foreach (var item in _templates.Find(documents, errors))
        {
            try
            {
                verdicts.Add((item, Judge(item, documents, patcher)));
            }
            catch (ManifestException exception)
            {
                errors.Add(exception.Error);
            }
        }

        var (edits, after) = patcher.Apply(errors);
        return new([.. verdicts.Select(verdict => WithSights(verdict.Object, verdict.Document, after))], TextEdit.Apply(text, edits), errors) { Edits = edits };
    }

    private PreviewDocument Judge(ManifestObject item, IReadOnlyList<Node> documents, ManifestPatcher patcher)
    {
        var document = new PreviewDocument(item.Kind, item.Name, item.Namespace, item.Line, PreviewOutcome.NoPod, "NoPod", PreviewMessages.NoPod) { Field = item.Field };
        if (item.Template is not { } template)
            return item.Unserved.Count == 0 ? document : Unserved(item, document);
        var pod = _resolver.Resolve(documents[template.Document].At(template.Path)!);
        var request = PodRequest.Of(template, pod, template.Namespace ?? @namespace);
        var (mutation, validation) = (_mutator.Decide(request), _validator.Decide(request));
        document = document with { Warnings = [.. mutation.Warnings.Union(validation.Warnings)] };
        if (!validation.Allowed)
            return document with
            {
                Outcome = PreviewOutcome.Denied,
                Reason = validation.Reason,
                Message = PreviewMessages.Denied,
                Problems = [.. validation.Causes.Select(cause => ProblemOf(template, pod, cause))],
            };
        patcher.Add(template, mutation);
        return document with
        {
            Outcome = mutation.Patch is null ? PreviewOutcome.Skipped : PreviewOutcome.Patched,
            Reason = mutation.Reason,
            Message = PreviewMessages.Of(mutation.Reason),
        };
    }

    private static PreviewDocument Unserved(ManifestObject item, PreviewDocument document) => document with
    {
        Outcome = PreviewOutcome.Skipped,
        Reason = PreviewMessages.UnservedKind,
        Message = PreviewMessages.Unserved,
        Warnings = [.. item.Unserved.Select(path => PreviewMessages.UnservedTemplate(item, path))],
    };

    private static PreviewProblem ProblemOf(PodTemplate template, Node pod, StatusCause cause) =>
        new(template.Field(cause.Field), cause.Message, FieldPath.Nearest(pod, cause.Field).Span.Line);

    private PreviewDocument WithSights(ManifestObject item, PreviewDocument document, IReadOnlyList<Node> after)
    {
        if (item.Template is not { } template || document.Outcome == PreviewOutcome.Denied || PreviewMessages.HasProcOfItsOwn(document.Reason))
            return document;
        var pod = new AliasResolver().Resolve(after[template.Document].At(template.Path)!);
        var request = PodRequest.Of(template, pod, template.Namespace ?? @namespace);
        return document with { Containers = Sights.Of(request.Object!, pod, node, options, document.Reason) };
    }
}
