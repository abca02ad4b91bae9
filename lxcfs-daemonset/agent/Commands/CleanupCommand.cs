using LxcfsAgent.Apply;
using LxcfsAgent.Observe;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Commands;

/// <summary>
/// <c>lxcfs-agent cleanup</c>, before uninstalling: takes LXCFS out of every running container, so that the node's own files
/// show again, then off the node. An agent that runs notices, and serves no more.
/// </summary>
internal static class CleanupCommand
{
    public static int Run(AgentOptions options, TextWriter output)
    {
        // Containers first, while LXCFS answers who has a file open, and without the node's lock: they may hold workers up.
        var (files, containers, outcomes, _) = TakeOut(options);
        TakeOff(options, new(options.StateFolder, output.WriteLine));
        // A container that started meanwhile; from now on none can.
        var later = TakeOut(options);

        List<WorkOutcome> all = [.. outcomes.Where(outcome => outcome.Error is null), .. later.Outcomes];
        output.WriteLine(
            $"Took {all.Sum(outcome => outcome.Done)} of {Math.Max(files, all.Sum(outcome => outcome.Done))} files of LXCFS out of {containers} containers, and LXCFS off the node.");
        return RepairCommand.Report(all, "clean", later.Scan, output);
    }

    private static (int Files, int Containers, IReadOnlyList<WorkOutcome> Outcomes, ContainerScan Scan) TakeOut(AgentOptions options)
    {
        using var node = NodeLook.At(options);
        var ours = node.Find(FileState.Healthy, FileState.Stale);
        return (
            ours.Sum(work => work.Files.Count),
            node.Scan.Containers.Count,
            node.Workers.WorkThrough(new(WorkKind.Remove, null, WorkRequest.ReadingMilliseconds, ours)),
            node.Scan);
    }

    /// <summary>No agent publishes or gives anything back meanwhile.</summary>
    private static void TakeOff(AgentOptions options, StateFolder folder)
    {
        using var guard = folder.Exists ? folder.Lock() : null;
        var entries = RootMount.Entries();
        foreach (var path in NodeObserver.AtRoot(options.Root, entries).Concat(NodeObserver.Below(folder.Path, entries)).Select(mount => mount.Target).Distinct())
            RootMount.DetachAll(path);
        if (folder.Exists)
            folder.Delete();
        if (!Directory.Exists(options.Root))
            return;
        StaleMountPoints.Remove(options.Root);
        // A folder that holds somebody else's files stays.
        if (!Directory.EnumerateFileSystemEntries(options.Root).Any())
            Directory.Delete(options.Root);
    }
}
