using LxcfsAgent.Containers;
using LxcfsAgent.Node;

namespace LxcfsAgent.Commands;

/// <summary><c>lxcfs-agent repair</c>: mends every container once, now.</summary>
internal static class RepairCommand
{
    public static int Run(AgentOptions options, TextWriter output)
    {
        var folder = new StateFolder(options.StateFolder);
        using var guard = folder.Exists ? folder.Lock() : null;
        using var node = Looking.At(options);
        if (node.Live is null)
        {
            output.WriteLine($"Nothing answers at {options.Root}, so there is nothing to mend with; is an agent running?");
            return 1;
        }

        using var served = ServedFiles.Open(options.Root, node.Live);
        var pass = Remounter.Mend(node.Devices.Find(node.Containers, FileState.Stale), served, Remounter.Reading);
        output.WriteLine($"Mended {pass.Done} of {pass.Found} stale files in {node.Containers.Count} containers.");
        foreach (var fault in pass.Faults)
            output.WriteLine($"Could not mend {fault}");
        return pass.Faults.Count == 0 ? 0 : 1;
    }
}
