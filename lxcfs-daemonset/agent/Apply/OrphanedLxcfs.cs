using System.ComponentModel;
using System.Runtime.InteropServices;
using LxcfsAgent.Native;
using LxcfsAgent.State;

namespace LxcfsAgent.Apply;

/// <summary>A process of LXCFS that outlived the container of its agent.</summary>
internal static class OrphanedLxcfs
{
    /// <summary>
    /// Ends the LXCFS of a mount point: whoever holds the lock on its pid file, which LXCFS keeps for life. The number in the file may be
    /// another process's by now, and what a process tells of itself, such as its arguments, may be a tenant's file system that never answers.
    /// </summary>
    public static void End(string mountPoint)
    {
        if (HolderOf(mountPoint) is not { } pid)
            return;
        using var process = PidFd.TryOpen(pid);
        // The number may have gone to another one before it was held.
        if (process?.HasExited == false && HolderOf(mountPoint) == pid)
            _ = process.Signal(ProcessCalls.SigKill);
    }

    /// <summary>Null where nobody holds the lock, or nobody that this process can see.</summary>
    /// <exception cref="Win32Exception">That can't be told.</exception>
    public static int? HolderOf(string mountPoint)
    {
        var name = StateFolder.PidFile(mountPoint);
        using var file = Descriptor.TryOpen(name, Libc.ORdonly);
        if (file is null)
            return Libc.IsAbsence(Marshal.GetLastPInvokeError()) ? null : throw Descriptor.Failed($"open {name}");
        return ProcessCalls.LockHolder(file);
    }
}
