namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// How large a pod may be that gets the view. An API server asks before it validates, so anything may come; what is added to each
/// container has to stay a small part of what etcd stores for a pod (1.5 MiB), and of what the program may use.
/// </summary>
internal static class PodSize
{
    /// <summary>
    /// Of all kinds, and of the required node affinity's terms, to each of which a label may be added. What as many
    /// containers get is about 270 KB; pods that exist have a few dozen at most.
    /// </summary>
    public const int MostContainers = 250;

    /// <summary>Characters. An API server stores no more bytes than this of all annotations together (TotalAnnotationSizeLimitB).</summary>
    private const int LongestAnnotation = 256 << 10;

    public static bool IsTooLarge(Pod pod) =>
        (pod.Spec is { } spec && (ContainersOf(spec) > MostContainers || spec.Affinity?.NodeAffinity?.Required?.NodeSelectorTerms?.Count > MostContainers))
        || (pod.Metadata?.Annotations is { } annotations && IsTooLong(annotations));

    public static bool IsTooLong(PodAnnotations annotations) =>
        IsLong(annotations.Mutate) || IsLong(annotations.AliyunMutate) || IsLong(annotations.KubernetesMutate)
        || IsLong(annotations.SkipContainers) || IsLong(annotations.Env) || IsLong(annotations.SafeToEvictLocalVolumes)
        || IsLong(annotations.Deliver) || IsLong(annotations.DeliverExcept);

    private static bool IsLong(string? value) => value?.Length > LongestAnnotation;

    private static int ContainersOf(PodSpec spec) =>
        (spec.InitContainers?.Count ?? 0) + (spec.Containers?.Count ?? 0) + (spec.EphemeralContainers?.Count ?? 0);
}
