using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>What a user should know of a pod that is admitted all the same.</summary>
internal static class PodWarnings
{
    private const string Cut = "...";

    private static readonly Dictionary<SkipReason, string> Skips = new()
    {
        [SkipReason.Windows] = "lxcfs: left alone: a Windows pod has no /proc",
        [SkipReason.VirtualNode] = "lxcfs: left alone: a virtual node has no LXCFS, so the view is that of its host",
        [SkipReason.SandboxedRuntime] = "lxcfs: left alone: its runtime class is a sandbox with a /proc of its own",
    };

    public static IEnumerable<string> Skipped(SkipReason reason) => Skips.TryGetValue(reason, out var text) ? [text] : [];

    public static IEnumerable<string> Conflicts(Injection injection) => injection.Conflicts.Select(
        file => Fit($"lxcfs: {file.Path} shows the node: volume {file.Volume} has another source"));

    /// <summary>What the view will show that the user may not expect.</summary>
    public static IEnumerable<string> Views(Pod pod)
    {
        var skipped = AnnotationRules.SkippedContainers(pod);
        var containers = PodContainers.All(pod)
            .Where(item => item.IsLongRunning && !skipped.Contains(item.Container.Name)).Select(item => item.Container).ToArray();
        if (pod.Spec?.ShareProcessNamespace == true)
            yield return "lxcfs: shareProcessNamespace: every container sees the sum of the pod's limits";
        if (WithoutLimit(containers, pod, limits => limits.Memory) is { Length: > 0 } noMemory)
            yield return Fit($"lxcfs: no memory limit, so free shows the node's memory: {noMemory}");
        if (WithoutLimit(containers, pod, limits => limits.Cpu) is { Length: > 0 } noCpu)
            yield return Fit($"lxcfs: no CPU limit, so /proc/cpuinfo shows the node's CPUs: {noCpu}");
    }

    private static string WithoutLimit(Container[] containers, Pod pod, Func<ResourceList, decimal?> limit) =>
        pod.Spec?.Resources?.Limits is { } ofPod && limit(ofPod) is not null
            ? ""
            : string.Join(", ", containers
                .Where(container => container.Resources?.Limits is not { } own || limit(own) is null)
                .Select(container => container.Name));

    private static string Fit(string text) => text.Length <= AdmissionDecision.MaxWarningLength
        ? text
        : text[..(AdmissionDecision.MaxWarningLength - Cut.Length)] + Cut;
}
