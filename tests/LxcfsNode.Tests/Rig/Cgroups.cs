namespace LxcfsNode.Tests.Rig;

internal static class Cgroups
{
    /// <summary>Removes a cgroup and those below it from every hierarchy, however many there are.</summary>
    public static void Remove(string name)
    {
        var hierarchies = Node.IsCgroup2 ? ["/sys/fs/cgroup"] : Directory.GetDirectories("/sys/fs/cgroup");
        foreach (var folder in hierarchies.Select(hierarchy => Path.Combine(hierarchy, name)).Where(Directory.Exists))
            RemoveTree(folder);
    }

    private static void RemoveTree(string folder)
    {
        foreach (var child in Directory.GetDirectories(folder))
            RemoveTree(child);
        Directory.Delete(folder);
    }
}
