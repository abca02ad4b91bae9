namespace LxcfsFunctions.Lxcfs;

/// <summary>All that mutate adds to one pod.</summary>
/// <param name="Containers">Those that get something.</param>
/// <param name="Volumes">The pod's volumes as they are.</param>
/// <param name="Missing">The files that need a volume first.</param>
/// <param name="Conflicts">The files that are left out because the pod uses their volume's name for something else.</param>
internal sealed record Injection(IReadOnlyList<ContainerInjection> Containers, PodVolumes Volumes, FileSet Missing, FileSet Conflicts)
{
    public bool IsEmpty => Containers.Count == 0;
}

/// <summary>What one container gets.</summary>
internal sealed record ContainerInjection(
    PodContainer Target, FileSet Mounts, IReadOnlyList<(string Name, string Value)> Env);
