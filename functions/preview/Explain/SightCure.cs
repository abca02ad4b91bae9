namespace LxcfsFunctions.Explain;

/// <summary>What to do about a command that doesn't show the limit. The names are codes, as those of <see cref="SightReason"/>.</summary>
internal enum SightCure
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
}

/// <summary>The codes in English.</summary>
internal static class SightCures
{
    private static readonly Dictionary<SightCure, string> Texts = new()
    {
        [SightCure.None] = "",
        [SightCure.SetLimit] = "set resources.limits of the container",
        [SightCure.RemoveOptOut] = "remove what leaves it alone, unless it is meant",
        [SightCure.RemoveMount] = "remove that mount or volume, unless it is meant",
        [SightCure.ReadMeminfo] = "read /proc/meminfo, or use the free of procps",
        [SightCure.ReadOnlineCpus] = "read the on-line list, or getconf _NPROCESSORS_ONLN",
        [SightCure.ProfileOmp] = "annotate the pod with the environment profile omp, or set OMP_NUM_THREADS",
        [SightCure.ProfileGo] = "annotate the pod with the environment profile go, or set GOMAXPROCS, or build with Go 1.25",
        [SightCure.UseGoMaxProcs] = "ask runtime.GOMAXPROCS(0) instead, with Go 1.25 or the environment profile go",
        [SightCure.UseCpuCount] = "ask os.cpu_count() instead",
        [SightCure.UpdateGo] = "annotate the pod with the environment profile go, or set GOMAXPROCS",
        [SightCure.UpdateNode] = "ask os.cpus().length instead",
        [SightCure.MindVariable] = "remove the variable, or set it to the limit",
    };

    public static string Text(this SightCure cure) => Texts[cure];
}
