namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// What tells a node of a pod that it has to serve. A tenant can write it too, and gains read-only files about himself by that: so
/// another value is written over and never refused, or a manifest of another cluster, or of before a change of the setting, could not
/// be applied. What he excepts stays excepted.
/// </summary>
internal static class DeliveryMarks
{
    public static bool AreOfNode(Pod pod) => pod.Metadata?.Annotations?.Deliver == LxcfsNames.DeliverNode;

    /// <summary>The names that the annotation excepts.</summary>
    public static string[] Excepted(Pod pod) =>
        pod.Metadata?.Annotations?.DeliverExcept?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The annotation's value with these names too; null where it has them all.</summary>
    public static string? WithExcepted(Pod pod, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        var known = Excepted(pod).ToHashSet(StringComparer.Ordinal);
        var missing = string.Join(',', names.Where(known.Add));
        return missing.Length == 0 ? null : pod.Metadata?.Annotations?.DeliverExcept is { Length: > 0 } there ? $"{there},{missing}" : missing;
    }

    /// <summary>Whether a new pod lacks what its way of delivery wants.</summary>
    /// <param name="excepted">Names that the node has to leave alone.</param>
    /// <param name="labels">What its node has to be labelled with.</param>
    public static bool AreMissing(Pod pod, Delivery delivery, IReadOnlyList<string> excepted, IReadOnlyList<string> labels) => delivery == Delivery.Node
        ? !AreOfNode(pod) || WithExcepted(pod, excepted) is not null || NodeLabelAffinity.IsMissing(pod.Spec, labels)
        // One that is there already may come from an earlier version, which wrote none.
        : pod.Metadata?.Annotations?.Deliver is not (null or LxcfsNames.DeliverHostPath);
}
