using System.Collections.Frozen;
using System.Collections.Immutable;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Which of the files a pod's volumes already offer, and which names are taken by something else.</summary>
/// <param name="Present">Files with a volume that is just as mutate would write it.</param>
/// <param name="Conflicting">Files whose volume name the pod uses for another source.</param>
/// <param name="Foreign">Names of volumes that bring the same files from an LXCFS elsewhere on the node.</param>
internal sealed record PodVolumes(TableSet<LxcfsFile> Present, TableSet<LxcfsFile> Conflicting, IReadOnlySet<string> Foreign)
{
    private static readonly IReadOnlySet<string> NoNames = FrozenSet<string>.Empty;

    public static PodVolumes Of(PodSpec? spec, LxcfsOptions options)
    {
        var (present, conflicting) = (TableSet.None(options.Files), TableSet.None(options.Files));
        HashSet<string>? foreign = null;
        foreach (var volume in spec?.Volumes ?? [])
        {
            if (volume is not { Name: { } name })
                continue;
            var source = volume.HostPath?.Path is { } path ? PodPath.Clean(path) : null;
            if (source is not null && IsForeign(source, options.Root))
                (foreign ??= new(StringComparer.Ordinal)).Add(name);
            if (IndexOf(options.Files, name) is >= 0 and var index)
            {
                if (source == options.Root + options.Files[index].Path && IsType(volume.HostPath!.Type))
                    present = present.With(index);
                else
                    conflicting = conflicting.With(index);
            }
        }

        return new(present, conflicting, foreign ?? NoNames);
    }

    // An untyped hostPath has the same source. Every other type would change what a missing file does.
    private static bool IsType(string? type) => type is null or "" or "File";

    // The node's own /proc has no root before it: mounting that is the user's decision, not another LXCFS.
    private static bool IsForeign(string path, string root)
    {
        foreach (var file in LxcfsFile.All)
        {
            if (path.Length > file.Path.Length && path.EndsWith(file.Path, StringComparison.Ordinal) && path != root + file.Path)
                return true;
        }

        return false;
    }

    private static int IndexOf(ImmutableArray<LxcfsFile> files, string volume)
    {
        for (var i = 0; i < files.Length; i++)
        {
            if (files[i].Volume == volume)
                return i;
        }

        return -1;
    }
}
