namespace LxcfsNode.Tests.Rig;

internal static class Cgroups
{
    private const string Hierarchy = "/sys/fs/cgroup/cpu";

    /// <summary>Removes a cgroup and those below it from every hierarchy, however many there are.</summary>
    public static void Remove(string name)
    {
        var hierarchies = Node.IsCgroup2 ? ["/sys/fs/cgroup"] : Directory.GetDirectories("/sys/fs/cgroup");
        foreach (var folder in hierarchies.Select(hierarchy => Path.Combine(hierarchy, name)).Where(Directory.Exists))
            RemoveTree(folder);
    }

    /// <summary>
    /// Leaves a process a thousandth of a processor, a millisecond in each second, until the result is disposed of. On cgroup v1.
    /// </summary>
    public static IDisposable Starve(string name, int pid)
    {
        var folder = $"{Hierarchy}/{name}";
        var home = File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).Single(line => line[1].Split(',').Contains("cpu"))[2];
        Directory.CreateDirectory(folder);
        File.WriteAllText($"{folder}/cpu.cfs_period_us", "1000000");
        File.WriteAllText($"{folder}/cpu.cfs_quota_us", "1000");
        File.WriteAllText($"{folder}/cgroup.procs", $"{pid}");
        return new Starved(folder, $"{Hierarchy}{home}", pid);
    }

    private sealed class Starved(string folder, string home, int pid) : IDisposable
    {
        public void Dispose()
        {
            if (Directory.Exists($"/proc/{pid}"))
                File.WriteAllText($"{home}/cgroup.procs", $"{pid}");
            Directory.Delete(folder);
        }
    }

    private static void RemoveTree(string folder)
    {
        foreach (var child in Directory.GetDirectories(folder))
            RemoveTree(child);
        Directory.Delete(folder);
    }
}
