using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>Processes by what /proc tells of them, with the ids that the tests' own namespace gives them.</summary>
internal static class Processes
{
    public static IEnumerable<int> All => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid != 0);

    public static int? ChildOf(int parent, string name) =>
        All.Where(pid => Status(pid, "PPid") == $"{parent}" && Status(pid, "Name") == name).Select(pid => (int?)pid).FirstOrDefault();

    /// <summary>0 where it has ended.</summary>
    public static int Parent(int pid) => int.TryParse(Status(pid, "PPid"), CultureInfo.InvariantCulture, out var parent) ? parent : 0;

    public static IEnumerable<int> Children(int parent) => parent == 0 ? [] : All.Where(pid => Parent(pid) == parent);

    /// <summary>Those children that run a file of this path in their own root: cheap where there are thousands of others.</summary>
    public static IEnumerable<int> Children(int parent, string executable) =>
        parent == 0 ? [] : All.Where(pid => Link(pid, "exe") == executable && Parent(pid) == parent);

    /// <summary>It and all that it started, as far as their parents live.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var parents = All.ToLookup(Parent);
        List<int> tree = [root];
        for (var index = 0; index < tree.Count; index++)
            tree.AddRange(parents[tree[index]]);
        return tree;
    }

    /// <summary>The words that it was started with; none where it has ended.</summary>
    public static string[] CommandLine(int pid) => [.. Lines(pid, "cmdline").SelectMany(line => line.TrimEnd('\0').Split('\0'))];

    /// <summary>The processor's time of all its threads, in the scheduler's nanoseconds.</summary>
    public static TimeSpan Cpu(int pid) => TimeSpan.FromMicroseconds(Directory.GetDirectories($"/proc/{pid}/task")
        .Sum(task => double.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)) / 1000);

    /// <summary>The same, with the time of threads that have ended, in the kernel's ticks of ten milliseconds (proc_pid_stat(5)).</summary>
    public static TimeSpan CpuInAll(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        // The second field is a name in brackets; those of user and system are the 14th and the 15th.
        var ticks = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..13].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromMilliseconds(10 * ticks);
    }

    /// <summary>The process of a cgroup that has this id in the pid namespace of another one.</summary>
    public static int? InNamespaceOf(int other, int pid, string cgroup)
    {
        var level = Status(other, "NSpid")!.Split('\t').Length - 1;
        return All.Where(candidate => Status(candidate, "NSpid")?.Split('\t').ElementAtOrDefault(level) == $"{pid}" && IsIn(candidate, cgroup))
            .Select(candidate => (int?)candidate).FirstOrDefault();
    }

    /// <summary>Those of a pid namespace that run this file.</summary>
    public static IReadOnlyList<int> Running(int other, string executable)
    {
        var space = Link(other, "ns/pid");
        return [.. All.Where(pid => Link(pid, "exe") == executable && Link(pid, "ns/pid") == space)];
    }

    public static string? Status(int pid, string field) =>
        Lines(pid, "status").FirstOrDefault(line => line.StartsWith($"{field}:\t", StringComparison.Ordinal))?[(field.Length + 2)..];

    public static string? Link(int pid, string name)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/{name}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>None where it has ended.</summary>
    public static IEnumerable<int> Threads(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").Select(task => int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture));
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public static bool HasThread(int pid, string name) => Threads(pid).Any(thread => Status(thread, "Name") == name);

    /// <summary>SIGSTOP. Threads heed it one by one, and until the last of them does, the process may go on answering.</summary>
    public static Task StopAsync(int pid)
    {
        Libc.Signal(pid, Libc.SigStop);
        // A thread that has ended meanwhile tells nothing.
        return Eventually.TrueAsync(
            () => Threads(pid).All(thread => Status(thread, "State") is null or "T (stopped)"), () => $"process {pid} goes on after SIGSTOP");
    }

    /// <summary>SIGKILL, where it has not ended by itself.</summary>
    public static void End(int pid)
    {
        try
        {
            Libc.Signal(pid, Libc.SigKill);
        }
        catch (InvalidOperationException) when (Status(pid, "State") is null)
        {
        }
    }

    public static int Descriptors(int pid) => Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Count();

    /// <summary>The fewest in a quarter of a second: while an agent looks at containers it holds some of each.</summary>
    public static async Task<int> IdleDescriptorsAsync(int pid)
    {
        var fewest = int.MaxValue;
        for (var look = 0; look < 25; look++)
        {
            fewest = Math.Min(fewest, Descriptors(pid));
            await Task.Delay(10);
        }

        return fewest;
    }

    /// <summary>A field of memory, as VmRSS or RssAnon, in KiB.</summary>
    public static int Kilobytes(int pid, string field) => int.Parse(Status(pid, field)!.TrimEnd('k', 'B'), CultureInfo.InvariantCulture);

    /// <summary>What processes have in memory together, in KiB, with what they share counted once among those that share it; those that have ended have nothing.</summary>
    public static int ProportionalKilobytes(IEnumerable<int> processes) => processes.SelectMany(pid => Lines(pid, "smaps_rollup"))
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal)).Sum(line => int.Parse(line["Pss:".Length..].TrimEnd('k', 'B'), CultureInfo.InvariantCulture));

    /// <summary>Or in one below it, which the agent makes.</summary>
    private static bool IsIn(int pid, string cgroup) => Lines(pid, "cgroup").Any(
        line => line.EndsWith(cgroup, StringComparison.Ordinal) || line.Contains(cgroup + "/", StringComparison.Ordinal));

    private static string[] Lines(int pid, string file)
    {
        try
        {
            return File.ReadAllLines($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            // It has ended.
            return [];
        }
    }
}
