using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>What is said of an object, by the code of the reason.</summary>
internal static class PreviewMessages
{
    public const string NoPod = "It makes no pods, so it stays as it is.";
    public const string Denied = "The pod would be refused: see the problems.";
    public const string UnservedKind = "UnservedKind";
    public const string Unserved = "Left alone: it has a pod template that is not served by itself.";
    private const string Injected = "Its containers get the LXCFS view.";
    private const string ByNode = "Its containers get the LXCFS view from their node, and the pod no volume.";

    private static readonly Dictionary<SkipReason, string> Skips = new()
    {
        [SkipReason.SystemNamespace] = "Left alone: its namespace is the system's, or excluded by a setting.",
        [SkipReason.TooLarge] = $"Left alone: it has over {PodSize.MostContainers} containers or node selector terms, or an annotation over 256 KiB.",
        [SkipReason.OptedOut] = "Left alone: its label or annotation says so.",
        [SkipReason.InvalidAnnotation] = "Left alone: an annotation can't be understood.",
        [SkipReason.Windows] = "Left alone: a Windows pod has no /proc.",
        [SkipReason.MirrorPod] = "Left alone: the API server's image of a static pod can't be changed.",
        [SkipReason.VirtualNode] = "Left alone: a virtual node has no LXCFS.",
        [SkipReason.SandboxedRuntime] = "Left alone: its runtime class is a sandbox with a /proc of its own.",
        [SkipReason.NoHostPath] = "Left alone: its namespace forbids hostPath, and the setting Lxcfs__Delivery does not let the node bring the files.",
        [SkipReason.UserNamespace] = "Left alone: with the files a pod of hostUsers: false never starts.",
        [SkipReason.UnmaskedProc] = "Left alone: procMount: Unmasked wants a /proc without mounts.",
        [SkipReason.NothingToDo] = "Nothing is missing: every container has the view already, or is left alone.",
    };

    public static string Of(string reason) => Enum.TryParse<SkipReason>(reason, out var skip) ? Skips[skip]
        : reason == PodMutator.ByNode ? ByNode : Injected;

    /// <summary>Knative is known, and yet left alone: it would refuse what is added.</summary>
    public static Message UnservedTemplate(ManifestObject item, string path)
    {
        var kind = $"{(item.Group is { Length: > 0 } group ? group + "/" : "")}{item.Kind}";
        return item.Group?.EndsWith("knative.dev", StringComparison.Ordinal) == true
            ? ManifestProblems.RefusedByKnative(path, kind)
            : ManifestProblems.UnservedKind(path, kind);
    }

    /// <summary>Nothing can be said of what a container without the node's /proc sees.</summary>
    public static bool HasProcOfItsOwn(string reason) =>
        Enum.TryParse<SkipReason>(reason, out var skip) && skip is SkipReason.Windows or SkipReason.VirtualNode or SkipReason.SandboxedRuntime;
}
