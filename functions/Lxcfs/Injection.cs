namespace LxcfsFunctions.Lxcfs;

/// <summary>All that mutate adds to one pod.</summary>
/// <param name="Containers">Those that get something.</param>
/// <param name="Volumes">The files that need a volume first.</param>
/// <param name="Conflicts">The files that are left out because the pod uses their volume's name for something else.</param>
internal sealed record Injection(
    IReadOnlyList<ContainerInjection> Containers, IReadOnlyList<LxcfsFile> Volumes, IReadOnlyList<LxcfsFile> Conflicts)
{
    public bool IsEmpty => Containers.Count == 0;
}

/// <summary>What one container gets.</summary>
internal sealed record ContainerInjection(
    PodContainer Target, IReadOnlyList<LxcfsFile> Mounts, IReadOnlyList<(string Name, string Value)> Env);
