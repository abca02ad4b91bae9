using System.Globalization;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>Reads the memory limit that the kernel holds this process to, in order to compare what LXCFS makes of it.</summary>
internal static class MemoryLimit
{
    /// <summary>Bytes; null where none of the visible control groups has a limit.</summary>
    public static long? OfSelf(CgroupMode mode)
    {
        var (controller, type, file) = mode == CgroupMode.V2
            ? ("", "cgroup2", "memory.max")
            : ("memory", "cgroup", "memory.limit_in_bytes");
        if (PathOf(File.ReadAllLines("/proc/self/cgroup"), controller) is not { } path)
            return null;
        var mounts = MountInfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"))
            .Where(mount => mount.Type == type && File.Exists(mount.Target + "/cgroup.procs"));
        foreach (var mount in mounts.Where(mount => controller.Length == 0 || mount.Target.Split('/')[^1].Split(',').Contains(controller)))
        {
            if (Below(path, mount.Root) is { } relative)
                return Least(mount.Target, relative, file);
        }

        return null;
    }

    private static string? PathOf(string[] lines, string controller) => lines
        .Select(line => line.Split(':', 3))
        .FirstOrDefault(fields => fields.Length == 3 && fields[1].Split(',').Contains(controller))?[2];

    /// <summary>A container's runtime may mount its own group alone, as the root of what is seen.</summary>
    private static string? Below(string path, string root) =>
        root == "/" ? path
        : path == root ? ""
        : path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..]
        : null;

    private static long? Least(string top, string relative, string file)
    {
        long? least = null;
        var path = relative.TrimEnd('/');
        while (true)
        {
            if (Read($"{top}{path}/{file}") is { } limit && !(limit >= least))
                least = limit;
            if (path.Length == 0)
                return least;
            path = path[..path.LastIndexOf('/')];
        }
    }

    /// <summary>Version 2 writes <c>max</c> for no limit, version 1 the largest multiple of a page.</summary>
    private static long? Read(string file)
    {
        const long unlimited = long.MaxValue / 2;
        return File.Exists(file)
            && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit < unlimited
            ? limit
            : null;
    }
}
