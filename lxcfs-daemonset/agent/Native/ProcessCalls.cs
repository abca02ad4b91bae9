using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>
/// The calls that start, watch and end processes, by their C names; numbers and flags are those of spawn.h (glibc), fcntl.h,
/// poll.h, sys/wait.h, sys/prctl.h and linux/unistd.h on x86-64 and arm64. <see cref="Spawn"/>, <see cref="PidFd"/>,
/// <see cref="Children"/> and <see cref="Pipe"/> make them safe.
/// </summary>
internal static unsafe partial class ProcessCalls
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigInt = 2;

    public const int Echild = 10;

    public const int WNoHang = 1;

    public const short PollIn = 1;
    public const short PollOut = 4;

    public const int FGetlk = 5;
    public const short FWrlck = 1;
    public const int FDupfdCloexec = 1030;
    public const int FGetfd = 1;
    public const int FSetfd = 2;
    public const int FGetfl = 3;
    public const int FSetfl = 4;
    public const int FdCloexec = 1;
    public const int ONonblock = 0x800;

    public const short SpawnSetPgroup = 0x02;
    public const short SpawnSetSigDef = 0x04;
    public const short SpawnSetSigMask = 0x08;
    public const short SpawnSetSid = 0x80;

    /// <summary>More than posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128) take on these machines.</summary>
    public const int OpaqueSize = 512;

    public const int PrSetChildSubreaper = 36;

    private const nint SysPidFdSendSignal = 424;
    private const nint SysPidFdOpen = 434;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Revents;
    }

    /// <summary>struct flock: a length of 0 is all of the file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLockRange
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PosixSpawn(int* pid, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int SpawnAttrInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int SpawnAttrDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SpawnAttrSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    public static partial int SpawnAttrSetPgroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SpawnAttrSetSigDefault(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SpawnAttrSetSigMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int FileActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int FileActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int FileActionsAddDup2(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclose")]
    public static partial int FileActionsAddClose(byte* actions, int fd);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static partial int FileActionsAddCloseFrom(byte* actions, int first);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int SigFillSet(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int SigEmptySet(byte* signals);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe2(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd_write", SetLastError = true)]
    public static partial int EventFdWrite(int fd, ulong value);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int PrCtl(int option, nuint a, nuint b, nuint c, nuint d);

    /// <summary>The process that holds a lock of fcntl(2) on a file; null for none, or for one that is not seen from here.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told.</exception>
    public static int? LockHolder(Descriptor file)
    {
        var wanted = new FileLockRange { Type = FWrlck };
        if (Fcntl(file.Number, FGetlk, (nint)(&wanted)) != 0)
            throw Descriptor.Failed("fcntl F_GETLK");
        return wanted.Pid > 0 ? wanted.Pid : null;
    }

    public static int PidFdOpen(int pid) => (int)PidFdOpenCall(SysPidFdOpen, pid, 0);

    public static int PidFdSendSignal(int pidFd, int signal) => (int)PidFdSendSignalCall(SysPidFdSendSignal, pidFd, signal, null, 0);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFdOpenCall(nint number, nint pid, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFdSendSignalCall(nint number, nint pidFd, nint signal, void* info, nuint flags);
}
