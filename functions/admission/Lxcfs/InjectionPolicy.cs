using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Decides whether a pod gets the view, and who brings it.</summary>
/// <param name="forbidsHostPath">Whether the namespaces of the pods enforce a level that forbids hostPath. A review doesn't tell.</param>
internal sealed class InjectionPolicy(LxcfsOptions options, bool forbidsHostPath = false)
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
        if (options.Delivery.HasNode)
            return null;
        return forbidsHostPath ? SkipReason.NoHostPath : pod.Spec?.HostUsers == false ? SkipReason.UserNamespace : null;
    }

    /// <summary>Who brings the files. A pod that is stored says it itself.</summary>
    public Delivery DeliveryOf(AdmissionRequest<Pod> request)
    {
        var pod = request.Object!;
        if (!request.Is("CREATE", "pods"))
            return DeliveryMarks.AreOfNode(pod) ? Delivery.Node : Delivery.HostPath;
        return options.Delivery == DeliverySetting.Node || (options.Delivery.HasNode && (forbidsHostPath || pod.Spec?.HostUsers == false))
            ? Delivery.Node
            : Delivery.HostPath;
    }

    /// <summary>The profiles that the pod asks for; its annotation has been found valid.</summary>
    public IReadOnlyList<EnvironmentProfile> ProfilesOf(PodSettings settings) => settings.Profiles ?? options.Env;
}
