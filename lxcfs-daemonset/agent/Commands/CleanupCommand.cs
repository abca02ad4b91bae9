using LxcfsAgent.Containers;
using LxcfsAgent.Node;

namespace LxcfsAgent.Commands;

/// <summary>
/// <c>lxcfs-agent cleanup</c>, before uninstalling: takes LXCFS out of every running container, so that the node's own files
/// show again, then off the node. An agent that runs notices, and serves no more.
/// </summary>
internal static class CleanupCommand
{
    public static int Run(AgentOptions options, TextWriter output)
    {
        var folder = new StateFolder(options.StateFolder);
        using var guard = folder.Exists ? folder.Lock() : null;
        using var node = Looking.At(options);
        var pass = Withdrawal.Take(node.Devices.Find(node.Containers, FileState.Healthy, FileState.Stale), Remounter.Reading);
        foreach (var path in node.Mounts.All().Select(mount => mount.Target).Distinct())
            NodeMounts.DetachAll(path);
        if (folder.Exists)
            folder.Delete();
        if (Directory.Exists(options.Root))
        {
            Litter.Remove(options.Root);
            // A folder that holds somebody else's files stays.
            if (!Directory.EnumerateFileSystemEntries(options.Root).Any())
                Directory.Delete(options.Root);
        }

        output.WriteLine($"Took {pass.Done} of {pass.Found} files of LXCFS out of {node.Containers.Count} containers, and LXCFS off the node.");
        foreach (var fault in pass.Faults)
            output.WriteLine($"Could not clean {fault}");
        return pass.Faults.Count == 0 ? 0 : 1;
    }
}
