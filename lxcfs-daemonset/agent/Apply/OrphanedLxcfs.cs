using LxcfsAgent.Native;
using LxcfsAgent.State;

namespace LxcfsAgent.Apply;

/// <summary>A process of LXCFS that outlived the container of its agent.</summary>
internal static class OrphanedLxcfs
{
    private const string Program = "/lxcfs";

    /// <summary>What the kernel adds to the path of a program whose file is gone, as an image's is that was removed.</summary>
    private const string Deleted = " (deleted)";

    /// <summary>
    /// Ends the LXCFS of a mount point. Its number may be another process's by now: held by descriptor, it has to run a program of that
    /// name. Asked of the kernel: a process's own memory, such as its arguments, may be a tenant's file system that never answers.
    /// </summary>
    public static void End(string mountPoint)
    {
        if (StateFolder.PidOf(mountPoint) is not { } pid)
            return;
        using var process = PidFd.TryOpen(pid);
        if (process?.HasExited == false && IsLxcfs(ProgramOf(pid)))
            _ = process.Signal(ProcessCalls.SigKill);
    }

    /// <param name="program">Where the link <c>exe</c> of a process leads.</param>
    public static bool IsLxcfs(string program) =>
        (program.EndsWith(Deleted, StringComparison.Ordinal) ? program[..^Deleted.Length] : program).EndsWith(Program, StringComparison.Ordinal);

    private static string ProgramOf(int pid)
    {
        using var folder = Descriptor.TryOpen($"/proc/{pid}", Libc.OPath);
        return folder?.ReadLink("exe") ?? "";
    }
}
