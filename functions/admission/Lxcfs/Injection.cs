namespace LxcfsFunctions.Lxcfs;

/// <summary>All that mutate adds to one pod.</summary>
/// <param name="Delivery">Who brings the files.</param>
/// <param name="Containers">Those that get something.</param>
/// <param name="Volumes">The pod's volumes as they are.</param>
/// <param name="Missing">The files that need a volume first.</param>
/// <param name="Conflicts">The files that are left out because the pod uses their volume's name for something else.</param>
/// <param name="Ineffective">Environment profiles that the pod asks for and that set nothing in a container.</param>
internal sealed record Injection(
    Delivery Delivery, IReadOnlyList<ContainerInjection> Containers, PodVolumes Volumes, TableSet<LxcfsFile> Missing, TableSet<LxcfsFile> Conflicts,
    IReadOnlyList<IneffectiveProfile> Ineffective)
{
    /// <summary>The names of containers that the node can't know to leave alone.</summary>
    public IReadOnlyList<string> Excepted { get; init; } = [];

    /// <summary>Whether the pod doesn't say who brings the files, or says something else.</summary>
    public bool IsUnmarked { get; init; }

    public bool IsEmpty => Containers.Count == 0 && !IsUnmarked;
}

/// <summary>What one container gets.</summary>
internal sealed record ContainerInjection(
    PodContainer Target, TableSet<LxcfsMount> Mounts, IReadOnlyList<(string Name, string Value)> Env);

/// <summary>A profile that a container has nothing of.</summary>
/// <param name="Variable">The one that the container sets itself; null where the container has no limit to set it by.</param>
internal sealed record IneffectiveProfile(string Profile, string Container, string? Variable);
