namespace LxcfsFunctions.Lxcfs;

/// <summary>Which of the files a pod's volumes already offer, and which names are taken by something else.</summary>
/// <param name="Present">Files with a volume that is just as mutate would write it.</param>
/// <param name="Conflicting">Files whose volume name the pod uses for another source.</param>
/// <param name="Foreign">Names of volumes that bring the same files from an LXCFS elsewhere on the node.</param>
internal sealed record PodVolumes(
    IReadOnlySet<LxcfsFile> Present, IReadOnlySet<LxcfsFile> Conflicting, IReadOnlySet<string> Foreign)
{
    public static PodVolumes Of(PodSpec? spec, LxcfsOptions options)
    {
        var present = new HashSet<LxcfsFile>();
        var conflicting = new HashSet<LxcfsFile>();
        var foreign = new HashSet<string>();
        foreach (var volume in spec?.Volumes ?? [])
        {
            if (volume is { Name: { } other, HostPath.Path: { } path } && IsForeign(PodPath.Clean(path), options.Root))
                foreign.Add(other);
            if (volume?.Name is { } name && name.StartsWith("lxcfs-", StringComparison.Ordinal)
                && options.Files.FirstOrDefault(file => file.Volume == name) is { } file)
                (IsSource(volume.HostPath, options.Root + file.Path) ? present : conflicting).Add(file);
        }

        return new(present, conflicting, foreign);
    }

    // The node's own /proc has no root before it: mounting that is the user's decision, not another LXCFS.
    private static bool IsForeign(string path, string root) => LxcfsFile.All.Any(
        file => path.Length > file.Path.Length && path.EndsWith(file.Path, StringComparison.Ordinal) && path != root + file.Path);

    // An untyped hostPath has the same source. Every other type would change what a missing file does.
    private static bool IsSource(HostPathVolumeSource? source, string path) =>
        source is { Path: { } actual, Type: null or "" or "File" } && PodPath.Clean(actual) == path;
}
