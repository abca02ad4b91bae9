using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>What a user should know of a pod that is admitted all the same.</summary>
internal static class PodWarnings
{
    private static readonly Dictionary<SkipReason, string> Skips = new()
    {
        [SkipReason.Windows] = "lxcfs: left alone: a Windows pod has no /proc",
        [SkipReason.VirtualNode] = "lxcfs: left alone: a virtual node has no LXCFS, so the view is that of its host",
        [SkipReason.SandboxedRuntime] = "lxcfs: left alone: its runtime class is a sandbox with a /proc of its own",
    };

    public static IEnumerable<Message> Skipped(SkipReason reason) => Skips.TryGetValue(reason, out var text) ? [new(reason.ToString(), text)] : [];

    public static IEnumerable<Message> Conflicts(Injection injection) => injection.Conflicts.Select(
        file => new Message("Conflict", "lxcfs: {0} shows the node: volume {1} has another source", file.Path, file.Volume));

    /// <summary>What the view will show that the user may not expect.</summary>
    public static IEnumerable<Message> Views(Pod pod)
    {
        var skipped = AnnotationRules.SkippedContainers(pod);
        var containers = PodContainers.All(pod)
            .Where(item => item.IsLongRunning && !skipped.Contains(item.Container.Name)).Select(item => item.Container).ToArray();
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
            : string.Join(", ", containers
                .Where(container => container.Resources?.Limits is not { } own || limit(own) is null)
                .Select(container => container.Name));
}
