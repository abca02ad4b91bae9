using LxcfsAgent.Apply;
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
        var folder = new StateFolder(options.StateFolder, output.WriteLine);
        // No agent publishes or gives anything back meanwhile.
        using var guard = folder.Exists ? folder.Lock() : null;
        using var node = NodeLook.At(options);
        var ours = node.Find(FileState.Healthy, FileState.Stale);
        var outcomes = ours.Count == 0 ? [] : node.Workers.Work(new(WorkKind.Remove, null, WorkRequest.ReadingMilliseconds, ours));
        foreach (var path in node.AtRoot.Concat(node.AtMountPoints).Select(mount => mount.Target).Distinct())
            RootMount.DetachAll(path);
        if (folder.Exists)
            folder.Delete();
        if (Directory.Exists(options.Root))
        {
            StaleMountPoints.Remove(options.Root);
            // A folder that holds somebody else's files stays.
            if (!Directory.EnumerateFileSystemEntries(options.Root).Any())
                Directory.Delete(options.Root);
        }

        output.WriteLine(
            $"Took {outcomes.Sum(outcome => outcome.Done)} of {ours.Sum(work => work.Files.Count)} files of LXCFS out of {node.Scan.Containers.Count} containers, and LXCFS off the node.");
        return RepairCommand.Report(outcomes, "clean", output);
    }
}
