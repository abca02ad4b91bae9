namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// The labels and annotations that users write, kept from raids-lab/lxcfs-webhook so that a cluster can move here without
/// touching its workloads. This file is their documentation.
/// </summary>
public static class LxcfsNames
{
    /// <summary>
    /// A label. On a namespace, <c>enabled</c> opts its new pods in. On a pod, <c>disabled</c> opts the pod out; the API
    /// server sees that one itself (objectSelector) and makes no call at all.
    /// </summary>
    public const string Label = "lxcfs-admission-webhook";

    /// <summary>The value of <see cref="Label"/> that opts a namespace in.</summary>
    public const string Enabled = "enabled";

    /// <summary>The value of <see cref="Label"/> that opts a pod out.</summary>
    public const string Disabled = "disabled";

    /// <summary>What every annotation here begins with, up to the slash.</summary>
    public const string Prefix = "lxcfs-admission-webhook.raids-lab.github.io";

    /// <summary>An annotation on a pod: <c>true</c> or <c>false</c>, in any letter case; absent means true.</summary>
    public const string Mutate = Prefix + "/mutate";

    /// <summary>An annotation that mutate writes: <c>mutated</c>. Never read, since a user can write it too.</summary>
    public const string Status = Prefix + "/status";

    /// <summary>An annotation on a pod: names of containers to leave alone, comma separated.</summary>
    public const string SkipContainers = Prefix + "/skip-containers";

    /// <summary>
    /// An annotation on a pod: environment profiles, comma separated (<c>slurm</c>, <c>omp</c>, <c>go</c>, <c>java</c>), or
    /// <c>none</c>. Absent means the setting <c>Lxcfs__Env</c>.
    /// </summary>
    public const string Env = Prefix + "/env";

    /// <summary>
    /// An annotation that mutate writes on every pod that gets the view: who brings the files, <see cref="DeliverHostPath"/> or
    /// <see cref="DeliverNode"/>.
    /// </summary>
    public const string Deliver = Prefix + "/deliver";

    /// <summary>A value of <see cref="Deliver"/>: volumes and mounts that the pod's spec names.</summary>
    public const string DeliverHostPath = "hostPath";

    /// <summary>A value of <see cref="Deliver"/>: the node's agent, when the runtime creates a container.</summary>
    public const string DeliverNode = "node";

    /// <summary>
    /// An annotation that mutate writes beside <see cref="DeliverNode"/>: names of containers, comma separated, that the node has to
    /// leave alone for a reason that it can't see.
    /// </summary>
    public const string DeliverExcept = Prefix + "/deliver-except";

    /// <summary>A label on a node, <c>true</c> while its agent is registered with the runtime and brings the files.</summary>
    public const string Delivers = Prefix + "/delivers";

    /// <summary>A label on a node, <c>true</c> while its LXCFS answers; see the setting <c>Lxcfs__RequireReadyNode</c>.</summary>
    public const string Ready = Prefix + "/ready";

    /// <summary>The opt-out of denverdino/lxcfs-admission-webhook: <c>n</c>, <c>no</c>, <c>false</c> or <c>off</c>.</summary>
    public const string AliyunMutate = "lxcfs-admission-webhook.aliyun.com/mutate";

    /// <summary>The opt-out of the projects that grew from it, with the same words.</summary>
    public const string KubernetesMutate = "lxcfs-admission-webhook.kubernetes.io/mutate";

    /// <summary>Read: a static pod's image in the API, which nobody can change.</summary>
    internal const string ConfigMirror = "kubernetes.io/config.mirror";

    /// <summary>
    /// Added to: volumes that the cluster autoscaler may ignore. It counts a hostPath as local storage, and would otherwise
    /// never remove the node.
    /// </summary>
    public const string SafeToEvictLocalVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";
}
