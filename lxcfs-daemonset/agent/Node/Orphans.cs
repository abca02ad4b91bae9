using System.Globalization;
using LxcfsAgent.Native;

namespace LxcfsAgent.Node;

/// <summary>What dead agents left: mounts below the agents' folder, and processes of LXCFS that outlived them.</summary>
internal static class Orphans
{
    private const int Sigkill = 9;

    /// <summary>Ends and removes all that no living agent needs; to be called with the lock held.</summary>
    /// <param name="mine">The mount point in use by the caller.</param>
    public static void Remove(StateFolder folder, long generation, string? mine)
    {
        foreach (var (mountPoint, owner) in folder.MountPoints().ToList())
        {
            if (mountPoint == mine || (owner != generation && folder.IsLeased(owner)))
                continue;
            End(mountPoint);
            NodeMounts.Remove(mountPoint);
        }
    }

    /// <summary>Kills the LXCFS of a mount point. Its number may be another process's by now: only the command line tells.</summary>
    private static void End(string mountPoint)
    {
        var file = StateFolder.PidFile(mountPoint);
        if (File.Exists(file)
            && int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && File.Exists($"/proc/{pid}/cmdline")
            && File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(mountPoint))
            _ = Libc.Kill(pid, Sigkill);
    }
}
