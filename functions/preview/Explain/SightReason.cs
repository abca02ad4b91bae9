namespace LxcfsFunctions.Explain;

/// <summary>Why a command shows what it shows. The names are codes: a page may have them in other languages.</summary>
internal enum SightReason
{
    ShowsLimit,
    RoundedUp,
    ReadsCgroup,
    SetByVariable,
    OwnUptime,
    NoLimit,
    LimitAboveNode,
    LeftAlone,
    SkippedContainer,
    UnmaskedProc,
    OwnMount,
    NotMounted,
    AsksAffinity,
    AsksSysinfo,
    AsksPossibleCpus,
    LeastTwo,
    RoundedDown,
    OtherVariable,
    UnknownVariable,
    SharedProcesses,
    HostProcesses,
    SubtractsUptime,
    AsksClock,
    AsksNobody,
    BelowLimit,
    OwnProc,
}

/// <summary>The codes in English.</summary>
internal static class SightReasons
{
    private static readonly Dictionary<SightReason, string> Texts = new()
    {
        [SightReason.ShowsLimit] = "reads a file that LXCFS answers with the limit",
        [SightReason.RoundedUp] = "reads a file that LXCFS answers with the limit, rounded up to whole CPUs",
        [SightReason.ReadsCgroup] = "reads the container's own cgroup",
        [SightReason.SetByVariable] = "obeys a variable that an environment profile sets from the limit",
        [SightReason.OwnUptime] = "reads /proc/uptime, which LXCFS counts from the container's start",
        [SightReason.NoLimit] = "the container has no limit, so the node's value is what it may use",
        [SightReason.LimitAboveNode] = "the limit is above what this node has",
        [SightReason.LeftAlone] = "the pod is left alone, so the file is the node's",
        [SightReason.SkippedContainer] = "the pod's annotation leaves this container alone, so the file is the node's",
        [SightReason.UnmaskedProc] = "procMount: Unmasked leaves this container alone, so the file is the node's",
        [SightReason.OwnMount] = "the container mounts something of its own over the file",
        [SightReason.NotMounted] = "the file is not mounted, by the setting or since a volume of its name is another",
        [SightReason.AsksAffinity] = "asks the kernel for the affinity mask, which a CPU limit does not change and no file can",
        [SightReason.AsksSysinfo] = "asks the kernel by sysinfo(2), which no file can change",
        [SightReason.AsksPossibleCpus] = "counts the CPUs that the kernel could have, and LXCFS offers no file for that",
        [SightReason.LeastTwo] = "reads the container's own cgroup, but never goes below two",
        [SightReason.RoundedDown] = "reads the container's own cgroup, rounded down to whole CPUs",
        [SightReason.OtherVariable] = "obeys a variable that the manifest sets to something else than the limit",
        [SightReason.UnknownVariable] = "obeys a variable whose value the manifest takes from elsewhere",
        [SightReason.SharedProcesses] = "shareProcessNamespace: every container sees the sum of the pod's limits",
        [SightReason.HostProcesses] = "hostPID: the container's first process is the node's",
        [SightReason.SubtractsUptime] = "subtracts a process's start, counted from the node's, from /proc/uptime, counted from the container's",
        [SightReason.AsksClock] = "asks the kernel's clock, which counts as the start of a process does",
        [SightReason.AsksNobody] = "the runtime reads no memory limit by itself",
        [SightReason.BelowLimit] = "obeys a variable that the manifest sets below the limit",
        [SightReason.OwnProc] = "a container within the container mounts a /proc of its own",
    };

    public static string Text(this SightReason reason) => Texts[reason];
}
