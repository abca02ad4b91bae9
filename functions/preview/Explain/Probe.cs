namespace LxcfsFunctions.Explain;

/// <summary>What a command counts.</summary>
internal enum Measure
{
    Cpus,
    Memory,
    Uptime,

    /// <summary>How long a process has run, and how much it took of that: right or wrong.</summary>
    ProcessTimes,
}

/// <summary>Whom a command asks.</summary>
internal enum Source
{
    /// <summary>A file that LXCFS can answer.</summary>
    File,

    /// <summary>sched_getaffinity(2).</summary>
    Affinity,

    /// <summary>clock_gettime(2).</summary>
    Clock,

    /// <summary>sysinfo(2).</summary>
    Sysinfo,

    /// <summary>/sys/devices/system/cpu/possible.</summary>
    PossibleCpus,

    /// <summary>A file of a /proc that is mounted anew.</summary>
    OwnProc,

    /// <summary>Nobody: its variable is all that it knows.</summary>
    Nobody,

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
/// <param name="Fix">Where what it asks can't show the limit.</param>
internal sealed record Probe(string Command, Measure Measure, Source Source, SightFix Fix = SightFix.None, string? File = null, string? Variable = null)
{
    private const string Omp = "OMP_NUM_THREADS";
    private const string Go = "GOMAXPROCS";
    private const string GoMemory = "GOMEMLIMIT";
    private const string Java = "JAVA_TOOL_OPTIONS";
    private const string Meminfo = "/proc/meminfo";
    private const string ProcStat = "/proc/stat";
    private const string Uptime = "/proc/uptime";
    private const string Online = "/sys/devices/system/cpu/online";

    /// <summary>Every row, checked against real programs in real containers by the tests of the node's side.</summary>
    public static IReadOnlyList<Probe> All { get; } =
    [
        new("free", Measure.Memory, Source.File, File: Meminfo),
        new("busybox free", Measure.Memory, Source.Sysinfo, SightFix.ReadMeminfo),
        new("cat /proc/meminfo", Measure.Memory, Source.File, File: Meminfo),
        new("top", Measure.Memory, Source.File, File: Meminfo),
        new("uptime", Measure.Uptime, Source.File, File: Uptime),
        new("ps (procps 4.0.2): %CPU", Measure.ProcessTimes, Source.File, SightFix.UpdateProcps, File: Uptime),
        new("ps (procps 4.0.2): ELAPSED", Measure.ProcessTimes, Source.File, SightFix.UpdateProcps, File: Uptime),
        new("ps (procps 4.0.4): %CPU", Measure.ProcessTimes, Source.Clock),
        new("ps (procps 4.0.4): ELAPSED", Measure.ProcessTimes, Source.Clock),
        new("htop: CPUs", Measure.Cpus, Source.File, File: ProcStat),
        new("htop: Mem", Measure.Memory, Source.File, File: Meminfo),
        new("nproc", Measure.Cpus, Source.Affinity, SightFix.ProfileOmp, Variable: Omp),
        new("getconf _NPROCESSORS_ONLN", Measure.Cpus, Source.File, File: Online),
        new("grep -c ^processor /proc/cpuinfo", Measure.Cpus, Source.File, File: "/proc/cpuinfo"),
        new("nproc --all", Measure.Cpus, Source.PossibleCpus, SightFix.ReadOnlineCpus),
        new("lscpu: CPU(s)", Measure.Cpus, Source.File, File: "/sys/devices/system/cpu/present"),
        new("lscpu: On-line CPU(s) list", Measure.Cpus, Source.File, File: Online),
        new("Python: os.cpu_count()", Measure.Cpus, Source.File, File: Online),
        new("Python: len(os.sched_getaffinity(0))", Measure.Cpus, Source.Affinity, SightFix.UseCpuCount),
        new("Go: runtime.NumCPU()", Measure.Cpus, Source.Affinity, SightFix.UseGoMaxProcs),
        new("Go before 1.25: GOMAXPROCS", Measure.Cpus, Source.Affinity, SightFix.ProfileGo, Variable: Go),
        new("Go 1.25: GOMAXPROCS", Measure.Cpus, Source.CgroupLeastTwo, SightFix.UpdateGo, Variable: Go),
        new("Go: GOMEMLIMIT", Measure.Memory, Source.Nobody, SightFix.SetGoMemLimit, Variable: GoMemory),
        new("Java (10, 8u191): availableProcessors()", Measure.Cpus, Source.Cgroup, Variable: Java),
        new("Node.js: os.cpus().length", Measure.Cpus, Source.File, File: ProcStat),
        // libuv reads the quota since 1.49, and finds a container's on cgroup v2 alone.
        new("Node.js, cgroup v1: os.availableParallelism()", Measure.Cpus, Source.Affinity, SightFix.UpdateNode),
        new("Node.js, cgroup v2: os.availableParallelism()", Measure.Cpus, Source.CgroupRoundedDown, SightFix.UpdateNode),
        new("Node.js: os.totalmem()", Measure.Memory, Source.File, File: Meminfo),
        new("OpenMP: omp_get_max_threads()", Measure.Cpus, Source.Affinity, SightFix.ProfileOmp, Variable: Omp),
        new("nginx, glibc: worker_processes auto", Measure.Cpus, Source.File, File: Online),
        new("nginx, musl: worker_processes auto", Measure.Cpus, Source.Affinity, SightFix.CountWorkers),
        new("container in a container: cat /proc/meminfo", Measure.Memory, Source.OwnProc, SightFix.MountAgain),
    ];
}
