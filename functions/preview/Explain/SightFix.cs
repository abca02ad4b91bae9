namespace LxcfsFunctions.Explain;

/// <summary>What to do about a command that doesn't show the limit. The names are codes, as those of <see cref="SightReason"/>.</summary>
internal enum SightFix
{
    None,
    SetLimit,
    RemoveOptOut,
    RemoveMount,
    ReadMeminfo,
    ReadOnlineCpus,
    ProfileOmp,
    ProfileGo,
    UseGoMaxProcs,
    UseCpuCount,
    UpdateGo,
    UpdateNode,
    MindVariable,
    UpdateProcps,
    SetGoMemLimit,
    CountWorkers,
    MountAgain,
}

/// <summary>The codes in English.</summary>
internal static class SightFixes
{
    private static readonly Dictionary<SightFix, string> Texts = new()
    {
        [SightFix.None] = "",
        [SightFix.SetLimit] = "set resources.limits of the container",
        [SightFix.RemoveOptOut] = "remove what leaves it alone, unless it is meant",
        [SightFix.RemoveMount] = "remove that mount or volume, unless it is meant",
        [SightFix.ReadMeminfo] = "read /proc/meminfo, or use the free of procps",
        [SightFix.ReadOnlineCpus] = "read the on-line list, or getconf _NPROCESSORS_ONLN",
        [SightFix.ProfileOmp] = "annotate the pod with the environment profile omp, or set OMP_NUM_THREADS",
        [SightFix.ProfileGo] = "annotate the pod with the environment profile go, or set GOMAXPROCS, or build with Go 1.25",
        [SightFix.UseGoMaxProcs] = "ask runtime.GOMAXPROCS(0) instead, with Go 1.25 or the environment profile go",
        [SightFix.UseCpuCount] = "ask os.cpu_count() instead",
        [SightFix.UpdateGo] = "annotate the pod with the environment profile go, or set GOMAXPROCS",
        [SightFix.UpdateNode] = "ask os.cpus().length instead",
        [SightFix.MindVariable] = "remove the variable, or set it to the limit",
        [SightFix.UpdateProcps] = "take a later procps, or ask top for CPU",
        [SightFix.SetGoMemLimit] = "set GOMEMLIMIT, from limits.memory by a resourceFieldRef",
        [SightFix.CountWorkers] = "write the number of worker_processes into its configuration",
        [SightFix.MountAgain] = "mount the files there again, as docker run -v /proc/meminfo:/proc/meminfo:ro does",
    };

    public static string Text(this SightFix fix) => Texts[fix];
}
