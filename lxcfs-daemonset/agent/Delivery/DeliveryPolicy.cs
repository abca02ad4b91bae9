using LxcfsAgent.Nri;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Delivery;

/// <summary>Decides which files of LXCFS the node brings a container, and how. Pure: nothing that a tenant wrote is ever an error.</summary>
internal static class DeliveryPolicy
{
    /// <summary>What the kubelet shows of a pod that waits.</summary>
    public const string NotServing = "LXCFS of this node does not answer; the kubelet tries again";

    /// <summary>A bind mount gets no attribute that it doesn't ask for, and would hand on what is mounted below it.</summary>
    public static IReadOnlyList<string> Options { get; } = ["rbind", "rprivate", "ro", "nosuid", "nodev", "noexec"];

    private static readonly NriAdjustment Waits = new([], [], NotServing);

    /// <summary>Whether the node has to bring the container its files.</summary>
    public static bool IsDelivered(NriPod pod, NriContainer container) =>
        pod.Annotations.GetValueOrDefault(LxcfsNames.Deliver) == LxcfsNames.DeliverNode
        && !SandboxRuntime.IsNamed(SandboxRuntime.DefaultNames, pod.RuntimeHandler)
        && !Names(pod, LxcfsNames.SkipContainers, container.Name)
        && !Names(pod, LxcfsNames.DeliverExcept, container.Name);

    /// <summary>What is changed in a container that is made.</summary>
    /// <param name="root">Where LXCFS is mounted on the node.</param>
    /// <param name="isServing">Whether LXCFS answers there.</param>
    public static NriAdjustment Decide(NriPod pod, NriContainer container, string root, bool isServing)
    {
        if (!IsDelivered(pod, container))
            return NriAdjustment.None;
        var places = Places(container);
        var wanted = Files(container, root).Where(IsAdded).ToList();
        if (wanted.Count == 0)
            return NriAdjustment.None;
        return !isServing ? Waits : new(
            [.. wanted.Select(file => new NriMount(file.Path, "bind", root + file.File.Path, Options))],
            // As the runtime spells it, which removes what is spelled so.
            [.. wanted.Select(file => places.GetValueOrDefault(file.Path)?.Destination).OfType<string>()],
            null);

        bool IsAdded(LxcfsMount file) =>
            !places.TryGetValue(file.Path, out var mount) || (HasUserNamespace(container) && !Options.All(mount.Options.Contains));
    }

    /// <summary>
    /// The files that a container is to have at their paths: all but those that something else is mounted over. Other mounts of the same files
    /// are ours, or those of a pod that names them in its volumes, too.
    /// </summary>
    public static IEnumerable<LxcfsMount> Files(NriContainer container, string root)
    {
        var places = Places(container);
        return LxcfsFile.All.SelectMany(file => file.Mounts).Where(file => Ways(file.Path).All(path => !places.TryGetValue(path, out var mount) || IsPassed(path, mount, file)));

        bool IsPassed(string path, NriMount mount, LxcfsMount file) =>
            path == file.Path ? mount.Source == root + file.File.Path : mount.Type is "proc" or "sysfs";
    }

    /// <summary>Whether the runtime gives it a user namespace. FUSE takes no id-mapped mounts, as the kubelet has pods' volumes there.</summary>
    public static bool HasUserNamespace(NriContainer container) => container.Namespaces.Any(space => space.Type == "user");

    /// <summary>A path as a runtime reads it; what no runtime can mount is left as it is.</summary>
    public static string Clean(string destination) =>
        destination.Contains('\0', StringComparison.Ordinal) ? destination : Path.TrimEndingDirectorySeparator(Path.GetFullPath(destination, "/"));

    /// <summary>What is mounted at a path; of several, the last.</summary>
    private static Dictionary<string, NriMount> Places(NriContainer container)
    {
        var places = new Dictionary<string, NriMount>();
        foreach (var mount in container.Mounts)
            places[Clean(mount.Destination)] = mount;
        return places;
    }

    /// <summary>The path, and every folder above it but the root, which is the image's.</summary>
    private static IEnumerable<string> Ways(string path)
    {
        for (var way = path; way.Length > 1; way = Path.GetDirectoryName(way)!)
            yield return way;
    }

    private static bool Names(NriPod pod, string annotation, string container) =>
        pod.Annotations.GetValueOrDefault(annotation) is { } names
        && names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(container, StringComparer.Ordinal);
}
