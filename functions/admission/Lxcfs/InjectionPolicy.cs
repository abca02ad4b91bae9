using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Decides whether a pod gets the view.</summary>
internal sealed class InjectionPolicy(LxcfsOptions options)
{
    /// <summary>The reason to leave the pod alone, as far as it doesn't depend on the pod's containers; null to go on.</summary>
    public SkipReason? Decide(AdmissionRequest<Pod> request)
    {
        // metadata.namespace can be empty on CREATE; the request's never is.
        if (request.Namespace is { } name && options.ExcludedNamespaces.Contains(name))
            return SkipReason.SystemNamespace;
        if (request.Object is not { } pod)
            return SkipReason.NothingToDo;
        return PodSize.IsTooLarge(pod) ? SkipReason.TooLarge : Decide(pod, PodSettings.Of(pod));
    }

    private SkipReason? Decide(Pod pod, PodSettings settings)
    {
        if (pod.Metadata?.Labels?.Lxcfs == LxcfsNames.Disabled || settings.OptsOut)
            return SkipReason.OptedOut;
        if (settings.Problems.Count > 0)
            return SkipReason.InvalidAnnotation;
        if (NodeKinds.IsWindows(pod))
            return SkipReason.Windows;
        if (pod.Metadata?.Annotations?.ConfigMirror is not null)
            return SkipReason.MirrorPod;
        if (NodeKinds.IsVirtual(pod))
            return SkipReason.VirtualNode;
        if (options.IsSandbox(pod.Spec?.RuntimeClassName))
            return SkipReason.SandboxedRuntime;
        if (pod.Spec?.HostUsers == false)
            return SkipReason.UserNamespace;
        return null;
    }

    /// <summary>The profiles that the pod asks for; its annotation has been found valid.</summary>
    public IReadOnlyList<EnvironmentProfile> ProfilesOf(PodSettings settings) => settings.Profiles ?? options.Env;
}
