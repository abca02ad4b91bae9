using System.Globalization;
using System.Text.RegularExpressions;

namespace LxcfsNode.Tests.Rig;

/// <summary>How a row of explain is run, and how its output is read.</summary>
/// <param name="Read">The value as explain writes it.</param>
internal sealed record Program(string[] Arguments, Func<string, NodeShape, string> Read);

/// <summary>The command of every row.</summary>
internal static partial class Programs
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static IReadOnlyDictionary<string, Program> All { get; } = new Dictionary<string, Program>
    {
        ["free"] = Memory(@"Mem: +(\d+)", 1, "free", "-b"),
        ["busybox free"] = Memory(@"Mem: +(\d+)", 1 << 10, "busybox", "free"),
        ["cat /proc/meminfo"] = Memory(@"MemTotal: +(\d+)", 1 << 10, "cat", "/proc/meminfo"),
        ["top"] = Memory(@"KiB Mem : +(\d+)", 1 << 10, "top", "-b", "-n", "1", "-E", "k"),
        ["uptime"] = new(["uptime", "-s"], Since),
        ["nproc"] = Count("nproc"),
        ["nproc --all"] = Count("nproc", "--all"),
        ["getconf _NPROCESSORS_ONLN"] = Count("getconf", "_NPROCESSORS_ONLN"),
        ["grep -c ^processor /proc/cpuinfo"] = Count("grep", "-c", "^processor", "/proc/cpuinfo"),
        ["lscpu: CPU(s)"] = new(["lscpu"], (output, _) => Regex.Match(output, @"^CPU\(s\): +(\d+)", RegexOptions.Multiline).Groups[1].Value),
        ["lscpu: On-line CPU(s) list"] = new(["lscpu"], (output, _) => CountOf(OnlineList().Match(output).Groups[1].Value)),
        ["Python: os.cpu_count()"] = Count("python3", "-c", "import os; print(os.cpu_count())"),
        ["Python: len(os.sched_getaffinity(0))"] = Count("python3", "-c", "import os; print(len(os.sched_getaffinity(0)))"),
        ["Go: runtime.NumCPU()"] = Word(0, "/programs/cpus-go"),
        ["Go before 1.25: GOMAXPROCS"] = Word(1, "/programs/cpus-go"),
        ["Go 1.25: GOMAXPROCS"] = Word(1, "/programs/cpus-go-new"),
        ["Java (10, 8u191): availableProcessors()"] = Count("java", "-cp", "/programs", "Cpus"),
        ["Node.js: os.cpus().length"] = Count("node", "-p", "os.cpus().length"),
        ["Node.js, cgroup v1: os.availableParallelism()"] = Count("node", "-p", "os.availableParallelism()"),
        ["Node.js: os.totalmem()"] = Memory(@"(\d+)", 1, "node", "-p", "os.totalmem()"),
        ["OpenMP: omp_get_max_threads()"] = Count("/programs/cpus-omp"),
    };

    private static Program Count(params string[] arguments) => new(arguments, (output, _) => output.Trim().Split('\n')[^1]);

    private static Program Word(int index, params string[] arguments) => new(arguments, (output, _) => output.Trim().Split(' ')[index]);

    private static Program Memory(string pattern, long unit, params string[] arguments) => new(
        arguments, (output, _) => MemoryText(decimal.Parse(Regex.Match(output, pattern).Groups[1].Value, CultureInfo.InvariantCulture) * unit));

    private static string Since(string output, NodeShape node) =>
        DateTime.Parse(output, CultureInfo.InvariantCulture) - node.Boot > TimeSpan.FromMinutes(1) ? "since the container started" : "since the node started";

    /// <summary>The number of CPUs in a list such as <c>0-2,5</c>.</summary>
    private static string CountOf(string list) => $"{list.Split(',').Select(range => range.Split('-'))
        .Sum(range => int.Parse(range[^1], CultureInfo.InvariantCulture) - int.Parse(range[0], CultureInfo.InvariantCulture) + 1)}";

    private static string MemoryText(decimal bytes)
    {
        var unit = 0;
        for (; bytes >= 1024; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.##} {Units[unit]}");
    }

    [GeneratedRegex(@"^On-line CPU\(s\) list: +(\S+)", RegexOptions.Multiline)]
    private static partial Regex OnlineList();
}
