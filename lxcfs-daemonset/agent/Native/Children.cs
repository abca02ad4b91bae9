using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit code; 0 where a signal ended it.</param>
/// <param name="Signal">The signal that ended it; 0 for none.</param>
internal readonly record struct ExitStatus(int Code, int Signal)
{
    /// <summary>What a shell would answer: 128 and the number of the signal that ended it.</summary>
    public int ShellCode => Signal == 0 ? Code : 128 + Signal;

    /// <param name="status">As waitpid(2) answers it.</param>
    public static ExitStatus Of(int status) => new((status & 0x7f) == 0 ? (status >> 8) & 0xff : 0, status & 0x7f);

    public override string ToString() => Signal == 0 ? $"ended with code {Code}" : $"was killed by signal {Signal}";
}

/// <summary>Takes the exit status of child processes, which are zombies until somebody does.</summary>
internal static unsafe class Children
{
    private const int Any = -1;

    /// <summary>Waits for a child to end. Null where it is no child, or was reaped already.</summary>
    public static ExitStatus? Reap(int pid) => Reap(pid, 0)?.Status;

    /// <summary>As <see cref="Reap(int)"/>, but null also while the child lives.</summary>
    public static ExitStatus? TryReap(int pid) => Reap(pid, ProcessCalls.WNoHang)?.Status;

    /// <summary>Any child that has ended; null when none has. Takes also what others wait for: not for processes that have others.</summary>
    public static (int Pid, ExitStatus Status)? TryReapAny() => Reap(Any, ProcessCalls.WNoHang);

    private static (int Pid, ExitStatus Status)? Reap(int pid, int options)
    {
        while (true)
        {
            int status;
            var ended = ProcessCalls.WaitPid(pid, &status, options);
            if (ended > 0)
                return (ended, ExitStatus.Of(status));
            if (ended == 0 || Marshal.GetLastPInvokeError() == ProcessCalls.Echild)
                return null;
            if (Marshal.GetLastPInvokeError() != Libc.Eintr)
                throw Descriptor.Failed($"waitpid {pid}");
        }
    }
}
