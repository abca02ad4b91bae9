using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>What a user should know of a pod that is admitted all the same.</summary>
internal static class PodWarnings
{
    /// <summary>Only mutate knows of it, by the path that it was asked at.</summary>
    public static readonly Message NoHostPath = new(
        nameof(SkipReason.NoHostPath), "lxcfs: left alone: its namespace forbids hostPath, and Lxcfs__Delivery does not let the node bring the files");

    private static readonly Dictionary<SkipReason, string> Skips = new()
    {
        [SkipReason.TooLarge] = $"lxcfs: left alone: over {PodSize.MostContainers} containers or node selector terms, or an annotation over 256 KiB",
        [SkipReason.Windows] = "lxcfs: left alone: a Windows pod has no /proc",
        [SkipReason.VirtualNode] = "lxcfs: left alone: a virtual node has no LXCFS, so the view is that of its host",
        [SkipReason.SandboxedRuntime] = "lxcfs: left alone: its runtime class is a sandbox with a /proc of its own",
        [SkipReason.UserNamespace] = "lxcfs: left alone: with hostUsers: false and hostPath it would never start; remove hostUsers, or set Lxcfs__Delivery",
    };

    public static IReadOnlyList<Message> Bound(IEnumerable<Message> warnings) =>
        FirstFew.Of(warnings, more => new Message("MoreWarnings", "lxcfs: and {0} more", more));

    public static IEnumerable<Message> Skipped(SkipReason reason) => Skips.TryGetValue(reason, out var text) ? [new(reason.ToString(), text)] : [];

    public static IEnumerable<Message> Conflicts(Injection injection) => injection.Conflicts.Select(
        file => new Message("Conflict", "lxcfs: {0} shows the node: volume {1} has another source", file.Path, file.Volume));

    /// <summary>Where the node brings the files, nothing makes such a pod wait for one that does.</summary>
    public static IEnumerable<Message> NamedNode(Pod pod) => pod.Spec?.NodeName is { Length: > 0 }
        ? [new("NamedNode", "lxcfs: it names its node (nodeName), and starts without the files where that node does not bring them")]
        : [];

    /// <summary>Each profile that comes to nothing, and in which containers.</summary>
    public static IEnumerable<Message> Ineffective(Injection injection) => injection.Ineffective
        .GroupBy(item => (item.Profile, item.Variable), item => item.Container)
        .Select(group => group.Key.Variable is { } variable
            ? new Message("ProfileOverridden", "lxcfs: profile {0} has no effect, since {2} is set already: {1}", group.Key.Profile, string.Join(", ", group), variable)
            : new Message("ProfileWithoutLimit", "lxcfs: profile {0} has no effect without a limit: {1}", group.Key.Profile, string.Join(", ", group)));

    /// <summary>What the view will show that the user may not expect.</summary>
    public static IEnumerable<Message> Views(Pod pod)
    {
        var skipped = PodSettings.Of(pod).SkippedContainers;
        var served = PodContainers.All(pod).Where(item => item.IsLongRunning && !skipped.Contains(item.Container.Name!)).Select(item => item.Container)
            .ToLookup(container => container.WantsPlainProc);
        var containers = served[false].ToArray();
        if (served[true].Any())
            yield return new("UnmaskedProc", "lxcfs: left alone, since procMount: Unmasked wants a /proc without mounts: {0}", Names(served[true]));
        if (pod.Spec?.ShareProcessNamespace == true)
            yield return new("SharedProcesses", "lxcfs: shareProcessNamespace: every container sees the sum of the pod's limits");
        if (WithoutLimit(containers, pod, limits => limits.Memory) is { Length: > 0 } noMemory)
            yield return new("NoMemoryLimit", "lxcfs: no memory limit, so free shows the node's memory: {0}", noMemory);
        if (WithoutLimit(containers, pod, limits => limits.Cpu) is { Length: > 0 } noCpu)
            yield return new("NoCpuLimit", "lxcfs: no CPU limit, so /proc/cpuinfo shows the node's CPUs: {0}", noCpu);
    }

    private static string WithoutLimit(Container[] containers, Pod pod, Func<ResourceList, decimal?> limit) =>
        pod.Spec?.Resources?.Limits is { } ofPod && limit(ofPod) is not null
            ? ""
            : Names(containers.Where(container => container.Resources?.Limits is not { } own || limit(own) is null));

    private static string Names(IEnumerable<Container> containers) => string.Join(", ", containers.Select(container => container.Name));
}
