namespace LxcfsFunctions.Explain;

/// <summary>What a command counts.</summary>
internal enum Measure
{
    Cpus,
    Memory,
    Uptime,
}

/// <summary>Whom a command asks.</summary>
internal enum Source
{
    /// <summary>A file that LXCFS can answer.</summary>
    File,

    /// <summary>sched_getaffinity(2).</summary>
    Affinity,

    /// <summary>sysinfo(2).</summary>
    Sysinfo,

    /// <summary>/sys/devices/system/cpu/possible.</summary>
    PossibleCpus,

    /// <summary>The CPU quota of its cgroup, rounded up.</summary>
    Cgroup,

    /// <summary>The same, but two at least.</summary>
    CgroupLeastTwo,

    /// <summary>The same, rounded down, one at least.</summary>
    CgroupRoundedDown,
}

/// <summary>One command of the table.</summary>
/// <param name="File">The one that it reads, where it reads one.</param>
/// <param name="Variable">One that it obeys before all else.</param>
/// <param name="Cure">Where what it asks can't show the limit.</param>
internal sealed record Probe(string Command, Measure Measure, Source Source, SightCure Cure = SightCure.None, string? File = null, string? Variable = null)
{
    private const string Omp = "OMP_NUM_THREADS";
    private const string Go = "GOMAXPROCS";
    private const string Java = "JAVA_TOOL_OPTIONS";
    private const string Meminfo = "/proc/meminfo";
    private const string Online = "/sys/devices/system/cpu/online";

    /// <summary>Every row, checked against real programs in real containers by the tests of the node's side.</summary>
    public static IReadOnlyList<Probe> All { get; } =
    [
        new("free", Measure.Memory, Source.File, File: Meminfo),
        new("busybox free", Measure.Memory, Source.Sysinfo, SightCure.ReadMeminfo),
        new("cat /proc/meminfo", Measure.Memory, Source.File, File: Meminfo),
        new("top", Measure.Memory, Source.File, File: Meminfo),
        new("uptime", Measure.Uptime, Source.File, File: "/proc/uptime"),
        new("nproc", Measure.Cpus, Source.Affinity, SightCure.ProfileOmp, Variable: Omp),
        new("getconf _NPROCESSORS_ONLN", Measure.Cpus, Source.File, File: Online),
        new("grep -c ^processor /proc/cpuinfo", Measure.Cpus, Source.File, File: "/proc/cpuinfo"),
        new("nproc --all", Measure.Cpus, Source.PossibleCpus, SightCure.ReadOnlineCpus),
        new("lscpu: CPU(s)", Measure.Cpus, Source.File, File: "/sys/devices/system/cpu/present"),
        new("lscpu: On-line CPU(s) list", Measure.Cpus, Source.File, File: Online),
        new("Python: os.cpu_count()", Measure.Cpus, Source.File, File: Online),
        new("Python: len(os.sched_getaffinity(0))", Measure.Cpus, Source.Affinity, SightCure.UseCpuCount),
        new("Go: runtime.NumCPU()", Measure.Cpus, Source.Affinity, SightCure.UseGoMaxProcs),
        new("Go before 1.25: GOMAXPROCS", Measure.Cpus, Source.Affinity, SightCure.ProfileGo, Variable: Go),
        new("Go 1.25: GOMAXPROCS", Measure.Cpus, Source.CgroupLeastTwo, SightCure.UpdateGo, Variable: Go),
        new("Java (10, 8u191): availableProcessors()", Measure.Cpus, Source.Cgroup, Variable: Java),
        new("Node.js: os.cpus().length", Measure.Cpus, Source.File, File: "/proc/stat"),
        // libuv reads the quota since 1.49, and finds a container's on cgroup v2 alone.
        new("Node.js, cgroup v1: os.availableParallelism()", Measure.Cpus, Source.Affinity, SightCure.UpdateNode),
        new("Node.js, cgroup v2: os.availableParallelism()", Measure.Cpus, Source.CgroupRoundedDown, SightCure.UpdateNode),
        new("Node.js: os.totalmem()", Measure.Memory, Source.File, File: Meminfo),
        new("OpenMP: omp_get_max_threads()", Measure.Cpus, Source.Affinity, SightCure.ProfileOmp, Variable: Omp),
    ];
}
