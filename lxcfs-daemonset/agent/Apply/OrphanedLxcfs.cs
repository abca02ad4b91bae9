using System.Text;
using LxcfsAgent.Native;
using LxcfsAgent.State;

namespace LxcfsAgent.Apply;

/// <summary>A process of LXCFS that outlived the container of its agent.</summary>
internal static class OrphanedLxcfs
{
    /// <summary>
    /// Ends the LXCFS of a mount point. Its number may be another process's by now: held by descriptor, it has to have the
    /// mount point for its argument. A tenant who takes such a number and such an argument ends a process of its own.
    /// </summary>
    public static void End(string mountPoint)
    {
        if (StateFolder.PidOf(mountPoint) is not { } pid)
            return;
        using var process = PidFd.TryOpen(pid);
        if (process?.HasExited == false && ArgumentsOf(pid).Contains(mountPoint))
            _ = process.Signal(ProcessCalls.SigKill);
    }

    private static string[] ArgumentsOf(int pid)
    {
        // Whatever calls itself so may have arguments without end.
        const int most = 4096;
        var buffer = new byte[most];
        using var file = Descriptor.TryOpen($"/proc/{pid}/cmdline", Libc.ORdonly);
        return file is null ? [] : Encoding.UTF8.GetString(file.Read(ref buffer, most)).Split('\0');
    }
}
