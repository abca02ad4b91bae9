using System.Diagnostics;
using System.Globalization;

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
    /// Leaves a process next to nothing of a processor until the result is disposed of: every processor's share of a millisecond
    /// in a second, and of that 2 parts where one that turns in circles has 1,024, so that it is starved on a fast machine too,
    /// where a millisecond is enough for some answers. On cgroup v1.
    /// </summary>
    public static IDisposable Starve(string name, int pid)
    {
        var starved = new Starved($"{Hierarchy}/{name}", $"{Hierarchy}{GroupOf(pid, "cpu")}", pid);
        starved.Begin();
        return starved;
    }

    /// <summary>The control group that a process's memory is counted in.</summary>
    public static string MemoryOf(int pid) => GroupOf(pid, Node.IsCgroup2 ? "" : "memory");

    /// <summary>Gives a process's control group so much memory more than it has, and no swap, until the result is disposed of.</summary>
    public static IDisposable LimitMemory(int pid, long spare)
    {
        var folder = (Node.IsCgroup2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory") + MemoryOf(pid);
        var (limitFile, usageFile) = Node.IsCgroup2 ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes");
        // On cgroup v1 the node has none.
        if (Node.IsCgroup2)
            File.WriteAllText($"{folder}/memory.swap.max", "0");
        var (limit, used) = (File.ReadAllText($"{folder}/{limitFile}"), long.Parse(File.ReadAllText($"{folder}/{usageFile}"), CultureInfo.InvariantCulture));
        File.WriteAllText($"{folder}/{limitFile}", $"{used + spare}");
        return new Limited($"{folder}/{limitFile}", limit);
    }

    private static string GroupOf(int pid, string controller) =>
        File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).Single(line => line[1].Split(',').Contains(controller))[2];

    private sealed class Limited(string file, string before) : IDisposable
    {
        public void Dispose() => File.WriteAllText(file, before);
    }

    private sealed class Starved(string folder, string home, int pid) : IDisposable
    {
        private readonly List<Process> _greedy = [];

        public void Begin()
        {
            Directory.CreateDirectory($"{folder}/greedy");
            Directory.CreateDirectory($"{folder}/starved");
            File.WriteAllText($"{folder}/cpu.cfs_period_us", "1000000");
            File.WriteAllText($"{folder}/cpu.cfs_quota_us", "1000");
            File.WriteAllText($"{folder}/starved/cpu.shares", "2");
            for (var index = 0; index < Environment.ProcessorCount; index++)
            {
                var greedy = Process.Start("sh", ["-c", "while :; do :; done"]);
                _greedy.Add(greedy);
                File.WriteAllText($"{folder}/greedy/cgroup.procs", $"{greedy.Id}");
            }

            File.WriteAllText($"{folder}/starved/cgroup.procs", $"{pid}");
        }

        public void Dispose()
        {
            if (Directory.Exists($"/proc/{pid}"))
                File.WriteAllText($"{home}/cgroup.procs", $"{pid}");
            foreach (var greedy in _greedy)
            {
                // A throttled process would take a while to notice that it is to end.
                File.WriteAllText($"{home}/cgroup.procs", $"{greedy.Id}");
                greedy.Kill();
                if (!greedy.WaitForExit(Deadline.Longest))
                    throw new TimeoutException($"process {greedy.Id} does not end");
                greedy.Dispose();
            }

            RemoveTree(folder);
        }
    }

    private static void RemoveTree(string folder)
    {
        foreach (var child in Directory.GetDirectories(folder))
            RemoveTree(child);
        Directory.Delete(folder);
    }
}
