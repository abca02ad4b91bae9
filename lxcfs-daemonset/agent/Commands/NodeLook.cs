using LxcfsAgent.Apply;
using LxcfsAgent.Observe;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Commands;

/// <summary>The node and its containers as a command finds them, beside an agent that runs.</summary>
internal sealed class NodeLook : IDisposable
{
    private NodeLook(WorkerPool workers, IReadOnlyList<NodeMount> atRoot, IReadOnlyList<NodeMount> atMountPoints, string? live, string nodeFolder)
    {
        Workers = workers;
        Live = live;
        AtRoot = atRoot;
        AtMountPoints = atMountPoints;
        Scan = workers.Scan(new(null, [], nodeFolder, Details: true, Named: AgentMemory.Read().Named));
        Judge = FileJudge.Of(new() { AtRoot = atRoot, AtMountPoints = atMountPoints, Scan = Scan }, live);
    }

    public WorkerPool Workers { get; }

    public IReadOnlyList<NodeMount> AtRoot { get; }

    public IReadOnlyList<NodeMount> AtMountPoints { get; }

    /// <summary>The device number of what ROOT shows; null where nothing answers there.</summary>
    public string? Live { get; }

    public ContainerScan Scan { get; }

    public FileJudge Judge { get; }

    public static NodeLook At(AgentOptions options)
    {
        var entries = RootMount.Entries();
        var atRoot = NodeObserver.AtRoot(options.Root, entries);
        var workers = new WorkerPool(_ => { });
        var answers = atRoot is [.., { IsLxcfs: true }] && workers.Read(options.Root + "/proc/uptime", options.Probe)?.Text is not null;
        return new(workers, atRoot, NodeObserver.Below(options.StateFolder, entries), answers ? atRoot[^1].Device : null, options.NodeFolder);
    }

    /// <summary>The files of each container that fare in one of these ways.</summary>
    public IReadOnlyList<ContainerWork> Find(params FileState[] states) =>
    [
        .. Scan.Containers
            .Select(container => new ContainerWork(
                container.Namespace,
                ServePlan.ProcessesOf(container),
                [.. (container.Files ?? []).Where(file => states.Contains(Judge.StateOf(container, file)))],
                container.Named))
            .Where(work => work.Files.Count > 0),
    ];

    public void Dispose() => Workers.Dispose();
}
