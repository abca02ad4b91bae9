using System.Globalization;
using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

/// <summary>Every field of a pod that a decision reads, as text: once from Kubernetes' own client, once from the product.</summary>
internal static class ReadingFacts
{
    private static readonly string[] GpuPrefixes = ["nvidia.com/", "amd.com/gpu", "gpu.intel.com/i915", "gpu.intel.com/xe"];

    public static string[] Of(V1Pod pod) =>
    [
        Line("metadata", pod.Metadata?.Name, pod.Metadata?.GenerateName),
        Line("labels", [.. ((string[])[LxcfsNames.Label, "eks.amazonaws.com/fargate-profile", "alibabacloud.com/eci"]).Select(name => Find(pod.Metadata?.Labels, name))]),
        Line("annotations", [.. ((string[])[LxcfsNames.Mutate, LxcfsNames.AliyunMutate, LxcfsNames.KubernetesMutate, LxcfsNames.SkipContainers, LxcfsNames.Env,
            LxcfsNames.ConfigMirror, LxcfsNames.SafeToEvictLocalVolumes]).Select(name => Find(pod.Metadata?.Annotations, name))]),
        Line("spec", pod.Spec?.RuntimeClassName, pod.Spec?.NodeName, pod.Spec?.SchedulerName, pod.Spec?.Os?.Name,
            pod.Spec?.ShareProcessNamespace, pod.Spec?.HostUsers, pod.Spec?.HostPID, Of(pod.Spec?.Resources?.Limits), Of(pod.Spec?.SecurityContext?.WindowsOptions)),
        Line("nodeSelector", [.. ((string[])[NodeSelector.OsLabel, NodeSelector.BetaOsLabel, NodeSelector.WindowsBuildLabel, NodeSelector.TypeLabel,
            NodeSelector.ComputeTypeLabel]).Select(name => Find(pod.Spec?.NodeSelector, name))]),
        .. (pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? []).SelectMany(term => (string[])
            ["term", .. (term?.MatchExpressions ?? []).Select(each => Line("expression", each?.Key, each?.OperatorProperty, List(each?.Values))),
                .. (term?.MatchFields ?? []).Select(each => Line("field", each?.Key, each?.OperatorProperty, List(each?.Values)))]),
        .. (pod.Spec?.Volumes ?? []).Select(volume => Line("volume", volume?.Name, volume?.HostPath?.Path, volume?.HostPath?.Type)),
        .. (pod.Spec?.InitContainers ?? []).SelectMany(each => Of(each?.Name, each?.RestartPolicy, each?.Env, each?.VolumeMounts, each?.VolumeDevices, each?.Resources, each?.SecurityContext)),
        .. (pod.Spec?.Containers ?? []).SelectMany(each => Of(each?.Name, each?.RestartPolicy, each?.Env, each?.VolumeMounts, each?.VolumeDevices, each?.Resources, each?.SecurityContext)),
        .. (pod.Spec?.EphemeralContainers ?? []).SelectMany(each => Of(each?.Name, each?.RestartPolicy, each?.Env, each?.VolumeMounts, each?.VolumeDevices, each?.Resources, each?.SecurityContext)),
    ];

    public static string[] Of(Pod pod) =>
    [
        Line("metadata", pod.Metadata?.Name, pod.Metadata?.GenerateName),
        Line("labels", pod.Metadata?.Labels?.Lxcfs, pod.Metadata?.Labels?.FargateProfile, pod.Metadata?.Labels?.Eci),
        Line("annotations", pod.Metadata?.Annotations?.Mutate, pod.Metadata?.Annotations?.AliyunMutate, pod.Metadata?.Annotations?.KubernetesMutate,
            pod.Metadata?.Annotations?.SkipContainers, pod.Metadata?.Annotations?.Env, pod.Metadata?.Annotations?.ConfigMirror, pod.Metadata?.Annotations?.SafeToEvictLocalVolumes),
        Line("spec", pod.Spec?.RuntimeClassName, pod.Spec?.NodeName, pod.Spec?.SchedulerName, pod.Spec?.Os?.Name,
            pod.Spec?.ShareProcessNamespace, pod.Spec?.HostUsers, pod.Spec?.HostPID, Of(pod.Spec?.Resources?.Limits), Of(pod.Spec?.SecurityContext?.WindowsOptions)),
        Line("nodeSelector", pod.Spec?.NodeSelector?.Os, pod.Spec?.NodeSelector?.BetaOs, pod.Spec?.NodeSelector?.WindowsBuild, pod.Spec?.NodeSelector?.Type, pod.Spec?.NodeSelector?.ComputeType),
        .. (pod.Spec?.Affinity?.NodeAffinity?.Required?.NodeSelectorTerms ?? []).SelectMany(term => (string[])
            ["term", .. (term?.MatchExpressions ?? []).Select(each => Line("expression", each?.Key, each?.Operator, List(each?.Values))),
                .. (term?.MatchFields ?? []).Select(each => Line("field", each?.Key, each?.Operator, List(each?.Values)))]),
        .. (pod.Spec?.Volumes ?? []).Select(volume => Line("volume", volume?.Name, volume?.HostPath?.Path, volume?.HostPath?.Type)),
        .. ((List<Container?>?[])[pod.Spec?.InitContainers, pod.Spec?.Containers, pod.Spec?.EphemeralContainers]).SelectMany(list => list ?? []).SelectMany(Of),
    ];

    private static string[] Of(
        string? name, string? restartPolicy, IList<V1EnvVar>? env, IList<V1VolumeMount>? mounts, IList<V1VolumeDevice>? devices, V1ResourceRequirements? resources, V1SecurityContext? security) =>
    [
        Line("container", name, restartPolicy, Of(resources?.Limits), security?.ProcMount, security?.Privileged, List(security?.Capabilities?.Add), Of(security?.WindowsOptions)),
        .. (env ?? []).Select(variable => Variable(variable.Name, variable.Value)),
        .. (mounts ?? []).Select(mount => Line("mount", mount?.Name, mount?.MountPath, mount?.SubPath, mount?.ReadOnlyProperty)),
        .. (devices ?? []).Select(device => Line("device", device?.DevicePath)),
    ];

    private static string[] Of(Container? container) =>
    [
        Line("container", container?.Name, container?.RestartPolicy, Of(container?.Resources?.Limits), container?.SecurityContext?.ProcMount,
            container?.SecurityContext?.Privileged, List(container?.SecurityContext?.Capabilities?.Add), Of(container?.SecurityContext?.WindowsOptions)),
        .. (container?.Env ?? []).Select(variable => Variable(variable?.Name, variable?.Value)),
        .. (container?.VolumeMounts ?? []).Select(mount => Line("mount", mount?.Name, mount?.MountPath, mount?.SubPath, mount?.ReadOnly)),
        .. (container?.VolumeDevices ?? []).Select(device => Line("device", device?.DevicePath)),
    ];

    /// <summary>Of the others it is kept that they are there.</summary>
    private static string Variable(string? name, string? value) =>
        EnvironmentProfile.VariableNames.Any(known => known.Value == name) ? Line("variable", name, value) : "variable";

    private static string? Of(V1WindowsSecurityContextOptions? options) => options is null
        ? null : Line("windows", options.GmsaCredentialSpecName, options.GmsaCredentialSpec, options.RunAsUserName, options.HostProcess);

    private static string? Of(WindowsOptions? options) => options is null
        ? null : Line("windows", options.GmsaCredentialSpecName, options.GmsaCredentialSpec, options.RunAsUserName, options.HostProcess);

    private static string Of(IDictionary<string, ResourceQuantity>? limits)
    {
        var gpus = (limits ?? new Dictionary<string, ResourceQuantity>()).Where(limit => GpuPrefixes.Any(prefix => limit.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .Sum(limit => Capped(limit.Value));
        return Line("limits", AmountOf(limits, "cpu"), AmountOf(limits, "memory"), Text(gpus));
    }

    private static string Of(ResourceList? limits) => Line("limits", Text(limits?.Cpu), Text(limits?.Memory), Text(limits?.Gpus ?? 0));

    /// <summary>Zero is how Kubernetes writes that there is no limit.</summary>
    private static string? AmountOf(IDictionary<string, ResourceQuantity>? limits, string name) =>
        limits is not null && limits.TryGetValue(name, out var amount) && Capped(amount) is > 0 and var value ? Text(value) : null;

    /// <summary>An API server caps what is larger; its client fails.</summary>
    private static decimal Capped(ResourceQuantity amount)
    {
        try
        {
            return Math.Min(amount.ToDecimal(), Quantity.Max);
        }
        catch (OverflowException)
        {
            return Quantity.Max;
        }
    }

    private static string? Text(decimal? amount) => amount?.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string? List(IEnumerable<string?>? texts) => texts is null ? null : string.Join(',', texts);

    private static string? Find(IDictionary<string, string>? texts, string name) => texts is not null && texts.TryGetValue(name, out var value) ? value : null;

    private static string Line(string what, params object?[] values) => $"{what}: {string.Join(" | ", values)}";
}
