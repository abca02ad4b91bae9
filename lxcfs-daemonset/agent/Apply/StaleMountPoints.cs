using LxcfsAgent.Native;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Apply;

/// <summary>
/// What container runtimes leave at the mount point while LXCFS is away: a directory, or an empty file, for each file that
/// they were asked to mount. It would let a container start with an empty /proc/meminfo.
/// </summary>
internal static class StaleMountPoints
{
    /// <summary>Removes it, and nothing else: only names from the table of files, and only what is empty.</summary>
    /// <returns>What was removed.</returns>
    public static IReadOnlyList<string> Remove(string root)
    {
        var removed = new List<string>();
        foreach (var path in LxcfsFile.All.Select(file => root + file.Path))
        {
            if (new FileInfo(path) is { Exists: true, Length: 0 } file)
            {
                file.Delete();
                removed.Add(path);
            }

            for (var folder = path; folder != root && Libc.RmDir(folder) == 0; folder = Path.GetDirectoryName(folder)!)
                removed.Add(folder);
            // Where a file was removed, its folder may be empty now.
            for (var folder = Path.GetDirectoryName(path)!; folder != root && Libc.RmDir(folder) == 0; folder = Path.GetDirectoryName(folder)!)
                removed.Add(folder);
        }

        return removed;
    }
}
