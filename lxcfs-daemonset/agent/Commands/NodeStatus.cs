using System.Text.Json.Serialization;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Commands;

/// <summary>The whole of what <c>lxcfs-agent status --json</c> prints.</summary>
/// <param name="Serving">Whether LXCFS answers at ROOT.</param>
/// <param name="Phase">What the agent that runs beside the command is to the node; null where none answers.</param>
/// <param name="Registered">Whether the container runtime asks that agent about new containers; absent where it is not to.</param>
internal sealed record NodeStatus(
    string Root,
    bool Serving,
    string? Phase,
    IReadOnlyList<ContainerStatus> Containers,
    IReadOnlyList<LeftAlone> LeftAlone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Registered = null);

/// <summary>One container, as <c>lxcfs-agent status --json</c> prints it.</summary>
/// <param name="MountNamespace">The number of its mount namespace.</param>
/// <param name="Pid">A process in it, by its number on the node.</param>
/// <param name="Cgroup">The process's control group, which names the pod and the container.</param>
/// <param name="State">The worst state among its files.</param>
internal sealed record ContainerStatus(string MountNamespace, int Pid, string Cgroup, FileState State, IReadOnlyList<FileStatus> Files);

/// <summary>One file of a container.</summary>
internal sealed record FileStatus(string Path, FileState State);

/// <summary>Why something of LXCFS is left alone.</summary>
internal enum LeftAloneCode
{
    /// <summary>Files of LXCFS at paths that are not their own.</summary>
    OtherTarget,

    /// <summary>Mount namespaces of other user namespaces; they are never entered.</summary>
    ForeignUserNamespace,

    /// <summary>A container that failed, or held a worker up; it is tried again after a pause.</summary>
    Quarantined,

    /// <summary>A namespace whose table of mounts is longer than what is read of one.</summary>
    TooManyMounts,

    /// <summary>A namespace that could not be looked at.</summary>
    Unreadable,

    /// <summary>Processes that were not looked at, and whatever containers they are in.</summary>
    Incomplete,
}

/// <summary>Something of LXCFS that is left alone.</summary>
/// <param name="MountNamespace">Where; null where it is about many.</param>
/// <param name="Count">How many of them there are.</param>
internal sealed record LeftAlone(LeftAloneCode Code, string? MountNamespace, int? Pid, string? Cgroup, string Detail, int Count = 1);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class StatusJsonContext : JsonSerializerContext;

/// <summary>Says what a look at the node has found. Pure.</summary>
internal static class StatusReport
{
    public static NodeStatus Of(string root, bool serving, ContainerScan scan, FileJudge judge, AgentMemory memory) => new(
        root,
        serving,
        memory.Phase,
        [.. scan.Containers.Where(container => container.Files is { Count: > 0 }).Select(container => Of(container, judge))],
        [.. Alone(scan), .. memory.Quarantined.Select(retry => new LeftAlone(LeftAloneCode.Quarantined, retry.Key, null, null, retry.Detail))],
        memory.Registered);

    private static ContainerStatus Of(ContainerFacts container, FileJudge judge)
    {
        var files = container.Files!.Select(file => new FileStatus(file.Target, judge.StateOf(container, file))).ToList();
        return new(container.Namespace, container.Pid, container.Cgroup ?? "", Worst(files), files);
    }

    private static FileState Worst(IReadOnlyList<FileStatus> files) =>
        new[] { FileState.Stale, FileState.Conflicting, FileState.Hidden, FileState.Foreign }.FirstOrDefault(state => files.Any(file => file.State == state));

    private static IEnumerable<LeftAlone> Alone(ContainerScan scan) =>
    [
        .. scan.Containers.Where(container => container.OtherTargets > 0).Select(container => new LeftAlone(
            LeftAloneCode.OtherTarget, container.Namespace, container.Pid, container.Cgroup, string.Join(", ", container.Examples ?? []), container.OtherTargets)),
        .. scan.Summary.ForeignNamespaces == 0 ? (LeftAlone[])[] :
        [
            new LeftAlone(
                LeftAloneCode.ForeignUserNamespace,
                null,
                null,
                null,
                string.Join(", ", scan.Summary.ForeignExamples.Select(example => $"{example.Namespace} (process {example.Pid})")),
                scan.Summary.ForeignNamespaces),
        ],
        .. scan.Summary.TooLong.Select(name => new LeftAlone(LeftAloneCode.TooManyMounts, name, null, null, "its table of mounts is longer than 4 MiB")),
        .. scan.Summary.Unreadable.Select(place => new LeftAlone(LeftAloneCode.Unreadable, place.Namespace, place.Pid, null, place.Error)),
        .. scan.Summary.Complete ? (LeftAlone[])[] : [new LeftAlone(LeftAloneCode.Incomplete, null, null, null, WhyIncomplete(scan.Summary))],
        .. scan.Late.Select(name => new LeftAlone(LeftAloneCode.Quarantined, name, null, null, WorkerPool.Held)),
    ];

    private static string WhyIncomplete(ScanSummary summary) =>
        summary.BrokenOffAt > 0 ? "there was no time for every process" : "it could not be told of every process where it is";
}
