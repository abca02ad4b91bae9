using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>What becomes of a manifest, and what its containers will see. The command line and the page show this and nothing else.</summary>
/// <param name="Documents">Every object of the manifest, in its order.</param>
/// <param name="Output">The manifest afterwards; the same text where nothing changes or nothing can be read.</param>
/// <param name="Errors">What can't be read or changed.</param>
internal sealed record Preview(IReadOnlyList<PreviewDocument> Documents, string Output, IReadOnlyList<ManifestError> Errors)
{
    /// <summary>What makes the output of the text.</summary>
    public IReadOnlyList<TextEdit> Edits { get; init; } = [];

    /// <summary>Pure: no file, no clock, no state.</summary>
    /// <param name="namespace">Of the objects that name none.</param>
    /// <param name="kinds">Kinds to look into besides those that are well known.</param>
    /// <param name="forbidsHostPath">Whether the objects' namespaces enforce a level of Pod Security that forbids hostPath.</param>
    public static Preview Of(
        string text, NodeShape node, LxcfsOptions? options = null, string @namespace = "default", IReadOnlyList<TemplateKind>? kinds = null,
        bool forbidsHostPath = false) =>
        Guard(text, () => new PreviewMaker(node, options ?? new(), @namespace, kinds ?? [], forbidsHostPath).Make(text));

    /// <summary>A bug that one text meets is an error of that text: other files are printed, and the page answers.</summary>
    public static Preview Guard(string text, Func<Preview> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception)
        {
            return new([], text, [exception is ManifestException manifest ? manifest.Error : new(1, 1, "", ManifestProblems.Unforeseen(exception.GetType().Name))]);
        }
    }
}

/// <summary>One object.</summary>
/// <param name="Reason">A <see cref="SkipReason"/>, or <c>Injected</c>, <c>DeliveredByNode</c>, <c>Invalid</c> or <c>NoPod</c>.</param>
/// <param name="Message">The reason as a sentence.</param>
internal sealed record PreviewDocument(string Kind, string? Name, string? Namespace, int Line, PreviewOutcome Outcome, string Reason, string Message)
{
    /// <summary>Which of an object's templates it is; empty where there is one.</summary>
    public string Field { get; init; } = "";

    /// <summary>The object as people name it.</summary>
    public string Title => $"{Kind} {Name}{(Field.Length > 0 ? " " : "")}{Field}";

    /// <summary>What the webhooks would tell.</summary>
    public IReadOnlyList<Message> Warnings { get; init; } = [];

    /// <summary>Why the pod would be denied.</summary>
    public IReadOnlyList<PreviewProblem> Problems { get; init; } = [];

    public IReadOnlyList<ContainerSight> Containers { get; init; } = [];
}

internal enum PreviewOutcome
{
    /// <summary>The pod gets the view.</summary>
    Patched,

    /// <summary>The pod is left alone.</summary>
    Skipped,

    /// <summary>The pod would be refused.</summary>
    Denied,

    /// <summary>The object makes no pods that are known here.</summary>
    NoPod,
}

internal sealed record PreviewProblem(string Field, Message Message, int Line);

/// <summary>What one container will see.</summary>
internal sealed record ContainerSight(string Name, ContainerKind Kind, IReadOnlyList<SightRow> Rows);

/// <summary>What one command shows.</summary>
/// <param name="Command">As typed.</param>
/// <param name="Node">What it shows on the node.</param>
/// <param name="Container">What it shows in the container.</param>
/// <param name="Limit">The container's limit of what the command counts; null where it has none.</param>
/// <param name="ReasonText">The reason as a sentence.</param>
/// <param name="Fix">What to do where it doesn't show the limit; empty where it does or where nothing helps.</param>
internal sealed record SightRow(
    string Command, string Node, string Container, string? Limit, SightStatus Status,
    SightReason Reason, string ReasonText, SightFix FixCode, string Fix);

internal enum ContainerKind
{
    Container,
    Init,
    Sidecar,
    Ephemeral,
}

internal enum SightStatus
{
    /// <summary>It shows the limit.</summary>
    Right,

    /// <summary>It shows neither the limit nor the node.</summary>
    Differs,

    /// <summary>It shows the node.</summary>
    SameAsNode,
}
