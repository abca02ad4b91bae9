using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LxcfsNode.Tests.Rig;

internal static partial class Libc
{
    public const int SigKill = 9, SigTerm = 15, SigCont = 18, SigStop = 19;
    private const int CloneNewNet = 0x40000000;
    private static readonly TimeSpan LongestEntry = TimeSpan.FromMinutes(1);

    public static void Signal(int pid, int signal)
    {
        // Other numbers are groups of processes: 0 is the tests' own.
        if (pid <= 0)
            throw new InvalidOperationException($"there is no process {pid} to be sent {signal}");
        if (kill(pid, signal) != 0)
            throw new InvalidOperationException($"kill {pid} with {signal}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>A socket in the network namespace of a process; it stays there, whoever uses it.</summary>
    /// <exception cref="IOException">The process has ended.</exception>
    public static Socket SocketIn(int pid)
    {
        using var handle = File.OpenHandle($"/proc/{pid}/ns/net");
        Socket? socket = null;
        // The thread ends in that namespace, so it must not be one of the pool's.
        var thread = new Thread(() =>
        {
            // An exception would not end a thread under xunit, and who joins it would wait for ever.
            if (setns(handle, CloneNewNet) == 0)
                socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        });
        thread.Start();
        if (!thread.Join(LongestEntry))
            throw new TimeoutException($"to enter the network namespace of process {pid} takes longer than {LongestEntry}");
        return socket ?? throw new InvalidOperationException($"can't enter the network namespace of process {pid}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle descriptor, int type);
}
