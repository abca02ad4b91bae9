using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Files of LXCFS at paths that are not theirs: the agent leaves such a mount alone, so it dies with the LXCFS it came from.</summary>
internal static class MountWarnings
{
    public static IEnumerable<Message> Of(Pod pod, LxcfsOptions options)
    {
        var files = new Dictionary<string, LxcfsFile>();
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            if (volume is { Name: { } name, HostPath.Path: { } source } && FileAt(PodPath.Clean(source), options.Root) is { } file)
                files.TryAdd(name, file);
        }

        if (files.Count == 0)
            yield break;
        foreach (var (_, _, container) in PodContainers.All(pod))
        {
            foreach (var mount in container.VolumeMounts ?? [])
            {
                if (mount is { Name: { } name, MountPath: { } path } && files.TryGetValue(name, out var file)
                    && !file.Mounts.Any(own => own.Path == PodPath.Clean(path)))
                    yield return new("OtherPath", "lxcfs: {0} is mounted at {1}, where nobody repairs it: {2}", file.Path, path, container.Name ?? "");
            }
        }
    }

    private static LxcfsFile? FileAt(string source, string root) =>
        source.StartsWith(root, StringComparison.Ordinal) ? LxcfsFile.All.FirstOrDefault(file => source == root + file.Path) : null;
}
