using System.Text.Json.Serialization;

namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// The fields of a pod that a decision reads, and no others: the rest is passed over unread, so a field from a newer
/// Kubernetes can neither fail a review nor be lost. Anything can be absent or null, since a webhook sees a pod before the
/// API server has validated it.
/// </summary>
internal sealed record Pod
{
    public ObjectMeta? Metadata { get; set; }
    public PodSpec? Spec { get; set; }
}

internal sealed record ObjectMeta
{
    public string? Name { get; set; }
    public string? GenerateName { get; set; }
    public PodLabels? Labels { get; set; }
    public PodAnnotations? Annotations { get; set; }
}

internal sealed record PodLabels
{
    [JsonPropertyName(LxcfsNames.Label)]
    public string? Lxcfs { get; set; }
}

internal sealed record PodAnnotations
{
    [JsonPropertyName(LxcfsNames.Mutate)]
    public string? Mutate { get; set; }

    [JsonPropertyName(LxcfsNames.AliyunMutate)]
    public string? AliyunMutate { get; set; }

    [JsonPropertyName(LxcfsNames.KubernetesMutate)]
    public string? KubernetesMutate { get; set; }

    [JsonPropertyName(LxcfsNames.SkipContainers)]
    public string? SkipContainers { get; set; }

    [JsonPropertyName(LxcfsNames.Env)]
    public string? Env { get; set; }

    [JsonPropertyName(LxcfsNames.ConfigMirror)]
    public string? ConfigMirror { get; set; }

    [JsonPropertyName(LxcfsNames.SafeToEvictLocalVolumes)]
    public string? SafeToEvictLocalVolumes { get; set; }
}

internal sealed record PodSpec
{
    public List<Volume?>? Volumes { get; set; }
    public List<Container?>? InitContainers { get; set; }
    public List<Container?>? Containers { get; set; }
    public List<Container?>? EphemeralContainers { get; set; }
    public ResourceRequirements? Resources { get; set; }
    public string? NodeName { get; set; }
    public NodeSelector? NodeSelector { get; set; }
    public Affinity? Affinity { get; set; }
    public string? RuntimeClassName { get; set; }
    public PodOS? Os { get; set; }
    public bool? ShareProcessNamespace { get; set; }
}

internal sealed record PodOS
{
    public string? Name { get; set; }
}

internal sealed record Volume
{
    public string? Name { get; set; }
    public HostPathVolumeSource? HostPath { get; set; }
}

internal sealed record HostPathVolumeSource
{
    public string? Path { get; set; }
    public string? Type { get; set; }
}

internal sealed record Container
{
    public string? Name { get; set; }
    public List<VolumeMount?>? VolumeMounts { get; set; }
    public List<VolumeDevice?>? VolumeDevices { get; set; }
    public List<EnvVar?>? Env { get; set; }
    public ResourceRequirements? Resources { get; set; }
    public string? RestartPolicy { get; set; }
}

internal sealed record VolumeMount
{
    public string? Name { get; set; }
    public string? MountPath { get; set; }
    public string? SubPath { get; set; }
    public bool? ReadOnly { get; set; }
}

internal sealed record VolumeDevice
{
    public string? DevicePath { get; set; }
}

internal sealed record EnvVar
{
    public string? Name { get; set; }
}

internal sealed record ResourceRequirements
{
    public ResourceList? Limits { get; set; }
}
