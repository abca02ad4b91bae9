using k8s.Models;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>The cgroup above a pod's containers. A kubelet limits it where every container has a limit.</summary>
internal static class PodCgroup
{
    public static void Limit(string cgroup, V1PodSpec spec)
    {
        if (Sum(spec, "memory") is { } bytes)
            Write("memory", cgroup, Node.IsCgroup2 ? "memory.max" : "memory.limit_in_bytes", $"{bytes}");
        if (Sum(spec, "cpu") is { } milliCpus)
            Write("cpu", cgroup, Node.IsCgroup2 ? "cpu.max" : "cpu.cfs_quota_us", $"{ContainerOptions.Quota(milliCpus)}");
    }

    /// <summary>Of all that run together, or of the one that needs most before they do.</summary>
    private static long? Sum(V1PodSpec spec, string resource)
    {
        var limits = spec.Containers.Select(container => ContainerOptions.Limit(container.Resources, resource)).ToList();
        var most = (spec.InitContainers ?? []).Max(container => ContainerOptions.Limit(container.Resources, resource));
        return limits.Any(limit => limit is null) ? null : Math.Max(limits.Sum()!.Value, most ?? 0);
    }

    private static void Write(string controller, string cgroup, string file, string value) =>
        File.WriteAllText(Path.Combine("/sys/fs/cgroup", Node.IsCgroup2 ? "" : controller, cgroup.TrimStart('/'), file), value);
}
