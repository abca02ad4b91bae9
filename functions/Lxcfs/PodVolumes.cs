namespace LxcfsFunctions.Lxcfs;

/// <summary>Which of the files a pod's volumes already offer, and which names are taken by something else.</summary>
/// <param name="Present">Files with a volume that is just as mutate would write it.</param>
/// <param name="Conflicting">Files whose volume name the pod uses for another source.</param>
internal sealed record PodVolumes(IReadOnlySet<LxcfsFile> Present, IReadOnlySet<LxcfsFile> Conflicting)
{
    public static PodVolumes Of(PodSpec? spec, LxcfsOptions options)
    {
        var present = new HashSet<LxcfsFile>();
        var conflicting = new HashSet<LxcfsFile>();
        foreach (var volume in spec?.Volumes ?? [])
        {
            if (volume?.Name is { } name && name.StartsWith("lxcfs-", StringComparison.Ordinal)
                && options.Files.FirstOrDefault(file => file.Volume == name) is { } file)
                (IsSource(volume.HostPath, options.Root + file.Path) ? present : conflicting).Add(file);
        }

        return new(present, conflicting);
    }

    // An untyped hostPath has the same source. Every other type would change what a missing file does.
    private static bool IsSource(HostPathVolumeSource? source, string path) =>
        source is { Path: { } actual, Type: null or "" or "File" } && PodPath.Clean(actual) == path;
}
