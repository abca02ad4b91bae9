namespace LxcfsFunctions.Lxcfs;

/// <summary>Paths as a container runtime compares them; <c>/proc/</c> and <c>/proc</c> are one place.</summary>
internal static class PodPath
{
    /// <summary>The shortest absolute spelling of a path; a relative one starts at the root, as it does for a runtime.</summary>
    public static string Clean(string path)
    {
        if (path is ['/', _, ..] && path[^1] != '/' && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal))
            return path;
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "." or ".."))
                parts.Add(part);
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>Whether a mount at one clean path decides what is seen at the other: it is the same, or a parent of it.</summary>
    public static bool Covers(string mount, string path) =>
        mount == "/" || (path.StartsWith(mount, StringComparison.Ordinal) && (path.Length == mount.Length || path[mount.Length] == '/'));
}
