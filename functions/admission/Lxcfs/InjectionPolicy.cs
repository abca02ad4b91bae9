using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Decides whether a pod gets the view.</summary>
internal sealed class InjectionPolicy(LxcfsOptions options)
{
    private static readonly string[] SiblingsNo = ["n", "no", "false", "off"];

    /// <summary>The reason to leave the pod alone, as far as it doesn't depend on the pod's containers; null to go on.</summary>
    public SkipReason? Decide(AdmissionRequest<Pod> request)
    {
        // metadata.namespace can be empty on CREATE; the request's never is.
        if (request.Namespace is { } name && options.ExcludedNamespaces.Contains(name))
            return SkipReason.SystemNamespace;
        return request.Object is { } pod ? Decide(pod) : SkipReason.NothingToDo;
    }

    private SkipReason? Decide(Pod pod)
    {
        if (IsOptedOut(pod.Metadata))
            return SkipReason.OptedOut;
        if (pod.Metadata?.Annotations is { } annotations && !AnnotationRules.IsValid(annotations))
            return SkipReason.InvalidAnnotation;
        if (pod.Spec is { Os.Name: "windows" } or { NodeSelector.Os: "windows" })
            return SkipReason.Windows;
        if (pod.Metadata?.Annotations?.ConfigMirror is not null)
            return SkipReason.MirrorPod;
        if (pod.Spec is { } spec && WantsVirtualNode(spec))
            return SkipReason.VirtualNode;
        if (options.IsSandbox(pod.Spec?.RuntimeClassName))
            return SkipReason.SandboxedRuntime;
        return null;
    }

    /// <summary>The profiles that the pod asks for; its annotation has been found valid.</summary>
    public IReadOnlyList<EnvironmentProfile> ProfilesOf(Pod pod) =>
        pod.Metadata?.Annotations?.Env is { } annotation ? EnvironmentProfile.Parse(annotation).Profiles ?? [] : options.Env;

    private static bool IsOptedOut(ObjectMeta? metadata) =>
        metadata?.Labels?.Lxcfs == LxcfsNames.Disabled
        || (metadata?.Annotations is { } annotations
            && (string.Equals(annotations.Mutate, "false", StringComparison.OrdinalIgnoreCase)
                || SiblingsNo.Contains(annotations.AliyunMutate, StringComparer.OrdinalIgnoreCase)
                || SiblingsNo.Contains(annotations.KubernetesMutate, StringComparer.OrdinalIgnoreCase)));

    /// <summary>
    /// Only a pod that must run there: a toleration alone lets it run on either kind. Of several terms one is enough, since
    /// a hostPath on a node without LXCFS would keep the pod from starting.
    /// </summary>
    private static bool WantsVirtualNode(PodSpec spec) =>
        spec.NodeSelector?.Type == "virtual-kubelet"
        || (spec.Affinity?.NodeAffinity?.Required?.NodeSelectorTerms ?? []).Any(
            term => (term?.MatchExpressions ?? []).Any(
                expression => expression is { Key: "type", Operator: "In", Values: ["virtual-kubelet"] }));
}
