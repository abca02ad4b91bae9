using System.Globalization;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>A container and where it stands.</summary>
/// <param name="List">Its list's path from the object's root, as a JSON pointer.</param>
internal readonly record struct PodContainer(string List, int Index, Container Container)
{
    /// <summary>A JSON pointer (RFC 6901).</summary>
    public string Pointer => string.Create(CultureInfo.InvariantCulture, $"{List}/{Index}");

    /// <summary>The field's path as Kubernetes writes it.</summary>
    public string Field => string.Create(CultureInfo.InvariantCulture, $"{List[1..].Replace('/', '.')}[{Index}]");

    /// <summary>Whether it runs as long as the pod does: a container, or a native sidecar.</summary>
    public bool IsLongRunning => List == PodContainers.Containers || Container.RestartPolicy == "Always";
}

internal static class PodContainers
{
    public const string Containers = "/spec/containers";
    private const string InitContainers = "/spec/initContainers";
    public const string EphemeralContainers = "/spec/ephemeralContainers";

    public static List<PodContainer> All(Pod pod)
    {
        var all = Created(pod);
        Add(all, EphemeralContainers, pod.Spec?.EphemeralContainers);
        return all;
    }

    /// <summary>The containers that a request may still change; an update may change only what it adds.</summary>
    public static List<PodContainer> Changeable(AdmissionRequest<Pod> request)
    {
        if (request.Object is not { } pod)
            return [];
        if (request.Is("CREATE", "pods"))
            return Created(pod);
        if (!request.Is("UPDATE", "pods", "ephemeralcontainers"))
            return [];
        var old = (request.OldObject?.Spec?.EphemeralContainers ?? []).Select(container => container?.Name).ToHashSet();
        var added = new List<PodContainer>();
        Add(added, EphemeralContainers, pod.Spec?.EphemeralContainers);
        added.RemoveAll(item => old.Contains(item.Container.Name));
        return added;
    }

    private static List<PodContainer> Created(Pod pod)
    {
        var created = new List<PodContainer>();
        Add(created, InitContainers, pod.Spec?.InitContainers);
        Add(created, Containers, pod.Spec?.Containers);
        return created;
    }

    private static void Add(List<PodContainer> found, string list, List<Container?>? containers)
    {
        for (var i = 0; i < (containers?.Count ?? 0); i++)
        {
            if (containers![i] is { } container)
                found.Add(new(list, i, container));
        }
    }
}
