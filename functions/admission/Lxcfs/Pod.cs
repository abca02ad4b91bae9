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
    public string? Lxcfs { get; set; }
    public string? FargateProfile { get; set; }
    public string? Eci { get; set; }
}

internal sealed record PodAnnotations
{
    public string? Mutate { get; set; }
    public string? AliyunMutate { get; set; }
    public string? KubernetesMutate { get; set; }
    public string? SkipContainers { get; set; }
    public string? Env { get; set; }
    public string? ConfigMirror { get; set; }
    public string? SafeToEvictLocalVolumes { get; set; }
    public string? Deliver { get; set; }
    public string? DeliverExcept { get; set; }
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
    public string? SchedulerName { get; set; }
    public string? RuntimeClassName { get; set; }
    public PodOS? Os { get; set; }
    public bool? ShareProcessNamespace { get; set; }
    public bool? HostUsers { get; set; }
    public bool? HostPID { get; set; }
    public PodSecurityContext? SecurityContext { get; set; }
}

internal sealed record PodSecurityContext
{
    public WindowsOptions? WindowsOptions { get; set; }
}

internal sealed record SecurityContext
{
    public string? ProcMount { get; set; }
    public bool? Privileged { get; set; }
    public Capabilities? Capabilities { get; set; }
    public WindowsOptions? WindowsOptions { get; set; }
}

internal sealed record Capabilities
{
    public List<string?>? Add { get; set; }
}

internal sealed record WindowsOptions
{
    public string? GmsaCredentialSpecName { get; set; }
    public string? GmsaCredentialSpec { get; set; }
    public string? RunAsUserName { get; set; }
    public bool? HostProcess { get; set; }
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
    public SecurityContext? SecurityContext { get; set; }

    /// <summary>A file that is mounted over /proc keeps a nested container from mounting a /proc of its own, which is what this asks for.</summary>
    public bool WantsPlainProc => SecurityContext?.ProcMount == "Unmasked";
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
    public string? Value { get; set; }
}

internal sealed record ResourceRequirements
{
    public ResourceList? Limits { get; set; }
}
