using System.Text.Json.Serialization;

namespace LxcfsAgent.Worker;

/// <summary>What the agent asks of a worker: one of these, as one line of JSON.</summary>
internal sealed record WorkerRequest(ScanRequest? Scan = null, WorkRequest? Work = null, ReadRequest? Read = null);

/// <summary>What a worker answers: one of these a line, and a line with <see cref="Done"/> last.</summary>
/// <param name="Begun">The mount namespace that is begun with, or that holds a look up: until its outcome comes it may hold the worker up.</param>
/// <param name="IsTooLong">Stands for a reply that was longer than is read of one.</param>
/// <param name="IsAtWork">Says no more than that what was begun with goes on.</param>
internal sealed record WorkerReply(
    string? Begun = null,
    ContainerFacts? Container = null,
    ScanSummary? Summary = null,
    WorkOutcome? Outcome = null,
    ReadAnswer? Read = null,
    bool Done = false,
    bool IsTooLong = false,
    bool IsAtWork = false);

/// <summary>Asks for every container of the node that has files of LXCFS.</summary>
/// <param name="Live">The device number of the LXCFS that is served: a container with nothing else is counted, and not told.</param>
/// <param name="Skip">Mount namespaces that are not to be entered.</param>
/// <param name="NodeFolder">The folder that ROOT is in: where a container has that, it has the node's LXCFS and none of its own.</param>
/// <param name="Details">Also the files that are served right, the processes and the control group.</param>
/// <param name="From">The number of the process to begin with: where the scan before was broken off.</param>
/// <param name="Named">Those of other user namespaces that are entered nonetheless.</param>
internal sealed record ScanRequest(
    string? Live, IReadOnlyList<string> Skip, string NodeFolder, bool Details, int From = 0, IReadOnlyList<NamedNamespace>? Named = null);

/// <summary>One container: a mount namespace of the node's user namespace, or a named one, in which files of LXCFS are mounted.</summary>
/// <param name="Namespace">The link of the namespace, such as <c>mnt:[4026532391]</c>.</param>
/// <param name="Pid">A process in it, by its number on the node.</param>
/// <param name="Live">How many files are served by the live LXCFS and not listed.</param>
/// <param name="OtherTargets">How many mounts of LXCFS lie at other paths than their own; nothing is done about these.</param>
/// <param name="Examples">Some of those paths.</param>
/// <param name="OwnDevices">Every LXCFS that is mounted as a whole in this namespace, elsewhere than where the node's is.</param>
/// <param name="Processes">Its oldest processes with details; without, some of them.</param>
/// <param name="Cgroup">Names the pod and the container, with details alone.</param>
/// <param name="Named">What tells it where it belongs to another user namespace; null where it is of the node's.</param>
internal sealed record ContainerFacts(
    string Namespace,
    int Pid,
    int Live = 0,
    IReadOnlyList<FileFacts>? Files = null,
    int OtherTargets = 0,
    IReadOnlyList<string>? Examples = null,
    IReadOnlyList<string>? OwnDevices = null,
    IReadOnlyList<ProcessFacts>? Processes = null,
    string? Cgroup = null,
    NamedNamespace? Named = null)
{
    /// <summary>Whether it has files of the live LXCFS and nothing else of any.</summary>
    [JsonIgnore]
    public bool IsServed => Live > 0 && Files is not { Count: > 0 } && OtherTargets == 0 && OwnDevices is null;
}

/// <summary>A process, told apart from a later one of the same number by when it started.</summary>
/// <param name="Started">In ticks since the node did.</param>
internal sealed record ProcessFacts(int Pid, long Started);

/// <summary>What lies at a file's path.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileLayer>))]
internal enum FileLayer
{
    /// <summary>A mount of LXCFS is topmost.</summary>
    Top,

    /// <summary>Something else is mounted over it.</summary>
    Covered,

    /// <summary>The path leads elsewhere, as where another /proc is mounted over the first.</summary>
    Hidden,
}

/// <summary>A file of LXCFS in a container.</summary>
/// <param name="Path">The file inside LXCFS.</param>
/// <param name="Target">Where the container has it: the same path, or one that the table of files pairs with it.</param>
/// <param name="Mount">The number of the topmost mount there.</param>
/// <param name="Device">The device number of the LXCFS that it shows.</param>
/// <param name="Below">Further mounts of LXCFS right below that one, from the top down.</param>
internal sealed record FileFacts(string Path, string Target, FileLayer Layer, int Mount, string Device, IReadOnlyList<MountIdentity>? Below = null);

/// <summary>Tells a mount from another: the kernel gives the number of one that is gone to the next.</summary>
internal sealed record MountIdentity(int Id, string Device);

/// <summary>What a scan has to say of the node as a whole.</summary>
/// <param name="Namespaces">Mount namespaces seen, whatever is in them.</param>
/// <param name="ForeignNamespaces">Those of other user namespaces that nobody has named; they are never entered.</param>
/// <param name="ForeignExamples">Some of them.</param>
/// <param name="NodeDevices">The LXCFS that the node's first process sees mounted as a whole, ours and others'; null where its mounts could not be read.</param>
/// <param name="Unreadable">Namespaces that could not be looked at, and why.</param>
/// <param name="TooLong">Namespaces whose table of mounts is longer than what is read of one; some of them.</param>
/// <param name="Complete">Whether every process was looked at.</param>
/// <param name="BrokenOffAt">The process that there was no time for any more; 0 where there was time for all.</param>
/// <param name="UsedMicroseconds">The processor time that the worker has used for it.</param>
/// <param name="Served">Containers that have files of the live LXCFS and nothing else of any: these are not told one by one.</param>
internal sealed record ScanSummary(
    int Namespaces,
    int ForeignNamespaces,
    IReadOnlyList<ForeignNamespace> ForeignExamples,
    IReadOnlyList<string>? NodeDevices,
    IReadOnlyList<UnreadableNamespace> Unreadable,
    IReadOnlyList<string> TooLong,
    bool Complete,
    int BrokenOffAt = 0,
    long UsedMicroseconds = 0,
    int Served = 0);

internal sealed record ForeignNamespace(string Namespace, int Pid);

/// <param name="Namespace">Null where it could not be told in which one the process is.</param>
/// <param name="IsRefused">Whether nobody lets this process look, so that it makes no difference to try again.</param>
internal sealed record UnreadableNamespace(string? Namespace, int Pid, string Error, bool IsRefused = false);

/// <summary>What was found on the node.</summary>
internal sealed record ContainerScan(IReadOnlyList<ContainerFacts> Containers, ScanSummary Summary)
{
    /// <summary>Whether files that are served right are listed, too.</summary>
    public bool Details { get; init; }

    /// <summary>Those that held a look up and were not looked at.</summary>
    public IReadOnlyList<string> Late { get; init; } = [];

    /// <summary>Those that were not waited for as long as anybody may take.</summary>
    public IReadOnlyList<string> NotAwaited { get; init; } = [];

    /// <summary>How many were not to be looked at, since they held somebody up before.</summary>
    public int Skipped { get; init; }

    /// <summary>Whether what it does not show is not there, but for namespaces that nobody may look at, and those that were skipped.</summary>
    public bool IsComplete => Summary.Complete && Late.Count == 0 && NotAwaited.Count == 0;

    /// <summary>Whether what it does not show is not there at all: who goes by that to end an LXCFS must not take a failure for an absence.</summary>
    public bool ShowsAll => IsComplete && Summary.Unreadable.Count == 0;

    /// <summary>Whether it shows all that anybody may look at: the rest is no other time's either.</summary>
    public bool ShowsAllThatMayBeSeen => IsComplete && Summary.Unreadable.All(place => place.IsRefused);
}

/// <summary>What is to become of files.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkKind>))]
internal enum WorkKind
{
    /// <summary>The file that is served takes the place of what is there.</summary>
    Replace,

    /// <summary>The mount of LXCFS goes away.</summary>
    Remove,

    /// <summary>The file that is served is mounted where nothing is.</summary>
    Add,

    /// <summary>Nothing; it is counted where nothing is mounted.</summary>
    Count,
}

/// <summary>Asks for work in containers.</summary>
/// <param name="Source">The mount point of the LXCFS that is served; not needed to remove.</param>
/// <param name="PatienceMilliseconds">How long the readers of each container are waited for.</param>
/// <param name="IsRecorded">Whether it is on record what may be lost where a file has to be detached before its new mount is attached.</param>
/// <param name="LongestMilliseconds">For how long containers are begun with; the others are told nothing of. Null for as long as there are any.</param>
internal sealed record WorkRequest(
    WorkKind Kind, string? Source, int PatienceMilliseconds, IReadOnlyList<ContainerWork> Containers, bool IsRecorded = false, int? LongestMilliseconds = null)
{
    /// <summary>
    /// How long a container's readers may take to be done with an LXCFS that ends once its files are moved or taken away. Many times
    /// what a read takes, also where processors are scarce; some programs never close what they have opened.
    /// </summary>
    public const int ReadingMilliseconds = 500;

    /// <summary>How long the readers of all of them are waited for: a stop has to be over before the kubelet's patience is.</summary>
    public const int ReadingInAllMilliseconds = 5000;
}

/// <summary>Work in one container, which is entered by any of its processes that still lives and is still in that namespace.</summary>
/// <param name="Named">As <see cref="ContainerFacts.Named"/>.</param>
internal sealed record ContainerWork(
    string Namespace, IReadOnlyList<ProcessFacts> Processes, IReadOnlyList<FileFacts> Files, NamedNamespace? Named = null);

/// <summary>What came of it.</summary>
/// <param name="Done">How many files it was done for.</param>
/// <param name="Gone">Whether the container has ended.</param>
/// <param name="Error">What failed last; null where nothing did.</param>
/// <param name="NeedsRecord">Whether files were left as they are, which can't be replaced without being detached before, and are not on record.</param>
internal sealed record WorkOutcome(string Namespace, int Done, bool Gone = false, string? Error = null, bool NeedsRecord = false);

/// <summary>Asks for a file of LXCFS' own mount.</summary>
internal sealed record ReadRequest(string Path);

/// <param name="Text">At most 64 KiB of it; null where it could not be read.</param>
/// <param name="IsOurs">Whether it was the reader that could not read, for want of descriptors, say: that tells nothing of LXCFS.</param>
internal sealed record ReadAnswer(string? Text, string? Error = null, bool IsOurs = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerReply))]
internal sealed partial class WorkerJsonContext : JsonSerializerContext;
