using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Containers that see more than their own: what the view means to them, and what they could do with it.</summary>
internal static class PrivilegeWarnings
{
    /// <summary>
    /// LXCFS forks a process into a reader's pid namespace; with one of these a container there can look through it into the
    /// node's files. Whoever is privileged can do that without LXCFS.
    /// </summary>
    private static readonly string[] ReachingHelper = ["SYS_PTRACE", "SYS_ADMIN", "ALL"];

    private static readonly string[] OfNode = ["/", "/proc", "/sys"];

    public static IEnumerable<Message> Of(Pod pod)
    {
        var skipped = PodSettings.Of(pod).SkippedContainers;
        var containers = PodContainers.All(pod).Select(item => item.Container).Where(container => !skipped.Contains(container.Name!)).ToArray();
        foreach (var group in containers.Where(container => container.SecurityContext?.Privileged != true)
            .SelectMany(container => Reaching(container).Select(capability => (capability, container.Name))).GroupBy(item => item.capability, item => item.Name))
            yield return new("ReachesHelper", "lxcfs: with {0} LXCFS' helper, and the node through it, is in reach; drop it or opt out: {1}", group.Key, string.Join(", ", group));
        if (pod.Spec?.HostPID == true && Watching(pod, containers) is { Length: > 0 } watching)
            yield return new("WatchesNode", "lxcfs: watches the node (hostPID) and would report its own limits; annotate mutate: \"false\": {0}", watching);
    }

    private static IEnumerable<string> Reaching(Container container) => container.SecurityContext?.Capabilities?.Add is { } added
        ? ReachingHelper.Where(capability => added.Exists(name => IsCalled(name, capability)))
        : [];

    private static bool IsCalled(ReadOnlySpan<char> name, string capability) =>
        (name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name[4..] : name).Equals(capability, StringComparison.OrdinalIgnoreCase);

    private static string Watching(Pod pod, Container[] containers)
    {
        var volumes = (pod.Spec!.Volumes ?? []).Where(volume => volume?.HostPath?.Path is { } path && OfNode.Contains(PodPath.Clean(path)))
            .Select(volume => volume!.Name).ToHashSet();
        return string.Join(", ", containers.Where(container => container.SecurityContext?.Privileged == true
            || (container.VolumeMounts ?? []).Exists(mount => volumes.Contains(mount?.Name))).Select(container => container.Name));
    }
}
