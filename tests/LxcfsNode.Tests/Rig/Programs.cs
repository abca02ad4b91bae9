using System.Globalization;
using System.Text.RegularExpressions;

namespace LxcfsNode.Tests.Rig;

/// <summary>How a row of explain is run, and how its output is read.</summary>
/// <param name="Read">The value as explain writes it.</param>
internal sealed record Program(string[] Arguments, Func<string, NodeShape, string> Read)
{
    /// <summary>Whether it has to run in a privileged container, as what starts containers does.</summary>
    public bool IsPrivileged { get; init; }
}

/// <summary>The command of every row.</summary>
internal static partial class Programs
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>One picture of a terminal that has room for all meters.</summary>
    private static readonly string[] Htop = ["env", "TERM=xterm", "COLUMNS=200", "LINES=60", "htop", "--max-iterations=1", "--no-color"];

    public static IReadOnlyDictionary<string, Program> All { get; } = new Dictionary<string, Program>
    {
        ["free"] = Memory(@"Mem: +(\d+)", 1, "free", "-b"),
        ["busybox free"] = Memory(@"Mem: +(\d+)", 1 << 10, "busybox", "free"),
        ["cat /proc/meminfo"] = Memory(@"MemTotal: +(\d+)", 1 << 10, "cat", "/proc/meminfo"),
        ["top"] = Memory(@"KiB Mem : +(\d+)", 1 << 10, "top", "-b", "-n", "1", "-E", "k"),
        ["uptime"] = new(["uptime", "-s"], Since),
        ["ps (procps 4.0.2): %CPU"] = PsCpu("LD_LIBRARY_PATH=/programs /programs/ps-4.0.2"),
        ["ps (procps 4.0.2): ELAPSED"] = PsElapsed("LD_LIBRARY_PATH=/programs /programs/ps-4.0.2"),
        ["ps (procps 4.0.4): %CPU"] = PsCpu("ps"),
        ["ps (procps 4.0.4): ELAPSED"] = PsElapsed("ps"),
        ["htop: CPUs"] = new(Htop, (output, _) => $"{Meters(output).Count}"),
        ["htop: Mem"] = new(Htop, HtopMemory),
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
        ["Go: GOMEMLIMIT"] = new(["/programs/cpus-go-new"], (output, _) => LimitText(long.Parse(output.Trim().Split(' ')[2], CultureInfo.InvariantCulture))),
        ["Java (10, 8u191): availableProcessors()"] = Count("java", "-cp", "/programs", "Cpus"),
        ["Node.js: os.cpus().length"] = Count("node", "-p", "os.cpus().length"),
        ["Node.js, cgroup v1: os.availableParallelism()"] = Count("node", "-p", "os.availableParallelism()"),
        ["Node.js: os.totalmem()"] = Memory(@"(\d+)", 1, "node", "-p", "os.totalmem()"),
        ["OpenMP: omp_get_max_threads()"] = Count("/programs/cpus-omp"),
        ["nginx, glibc: worker_processes auto"] = Count("/programs/workers", "nginx"),
        ["nginx, musl: worker_processes auto"] = Count("/programs/workers", "/programs/nginx-musl"),
        ["container in a container: cat /proc/meminfo"] =
            Memory(@"MemTotal: +(\d+)", 1 << 10, "/programs/nested", "--", "cat", "/proc/meminfo") with { IsPrivileged = true },
    };

    private static Program PsCpu(string ps) => new(
        ["sh", "-c", $"while :; do :; done & sleep 2; {ps} -o %cpu= -p $!; kill $!"], (output, _) => Times(output, 10, 101));

    /// <summary>ps before 4.0.4 reckons in 24 bits, so that it shows less than two seconds for two of a node that has run for days.</summary>
    private static Program PsElapsed(string ps) => new(["sh", "-c", $"sleep 60 & sleep 3; {ps} -o etimes= -p $!; kill $!"], (output, _) => Times(output, 2, 59));

    private static Program Count(params string[] arguments) => new(arguments, (output, _) => output.Trim().Split('\n')[^1]);

    private static Program Word(int index, params string[] arguments) => new(arguments, (output, _) => output.Trim().Split(' ')[index]);

    private static Program Memory(string pattern, long unit, params string[] arguments) => new(
        arguments, (output, _) => MemoryText(decimal.Parse(Regex.Match(output, pattern).Groups[1].Value, CultureInfo.InvariantCulture) * unit));

    private static string Since(string output, NodeShape node) =>
        DateTime.Parse(output, CultureInfo.InvariantCulture) - node.Boot > TimeSpan.FromMinutes(1) ? "since the container started" : "since the node started";

    /// <summary>Of a process whose right value is known to lie between two.</summary>
    private static string Times(string output, decimal least, decimal most) =>
        decimal.TryParse(output.Trim(), CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? "right" : "wrong";

    private static string LimitText(long bytes) => bytes == long.MaxValue ? "none" : MemoryText(bytes);

    /// <summary>What htop draws before the bar of each CPU that it takes to be on line; the node's others are there, as "offline".</summary>
    private static HashSet<string> Meters(string output) => [.. CpuMeter().Matches(Escape().Replace(output, ""))
        .Where(match => match.Groups[2].Value != "offline").Select(match => match.Groups[1].Value)];

    /// <summary>htop writes three digits, so the node's memory is what is as large as they tell.</summary>
    private static string HtopMemory(string output, NodeShape node)
    {
        var match = MemoryMeter().Match(Escape().Replace(output, ""));
        var bytes = decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * (1L << (10 * (1 + "KMGT".IndexOf(match.Groups[2].Value, StringComparison.Ordinal))));
        return MemoryText(Math.Abs(bytes / (node.Kilobytes << 10) - 1) < 0.01m ? node.Kilobytes << 10 : bytes);
    }

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

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\b(\d+)\[[| ]*([^\]]*)\]")]
    private static partial Regex CpuMeter();

    [GeneratedRegex(@"Mem\[[^\]]*/([\d.]+)([KMGT])")]
    private static partial Regex MemoryMeter();

    [GeneratedRegex(@"^On-line CPU\(s\) list: +(\S+)", RegexOptions.Multiline)]
    private static partial Regex OnlineList();
}
