using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>
/// The system calls that .NET has no call for, by their C names; numbers and flags are those of linux/mount.h, sched.h, nsfs.h and
/// fcntl.h on x86-64 and arm64. <see cref="Mounts"/>, <see cref="MountNamespace"/> and <see cref="Descriptor"/> make them safe.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AtFdcwd = -100;
    public const int AtEmptyPath = 0x1000;
    public const int AtStatxDontSync = 0x4000;

    public const int ORdonly = 0;
    public const int ORdwr = 2;
    public const int OCreat = 0x40;
    public const int OCloexec = 0x80000;
    public const int OPath = 0x200000;

    public const int CloneFs = 0x200;
    public const int CloneNewns = 0x20000;

    public const int LockEx = 2;
    public const int LockNb = 4;

    public const int MntDetach = 2;
    public const int UmountNofollow = 8;

    public const uint OpenTreeClone = 1;
    public const uint MoveMountFEmptyPath = 0x4;
    public const uint MoveMountTEmptyPath = 0x40;
    public const uint MoveMountBeneath = 0x200;

    public const ulong MountAttrRdonly = 0x1;
    public const ulong MountAttrNosuid = 0x2;
    public const ulong MountAttrNodev = 0x4;
    public const ulong MountAttrNoexec = 0x8;
    public const ulong MsRdonly = 1;
    public const ulong MsNosuid = 2;
    public const ulong MsNodev = 4;
    public const ulong MsNoexec = 8;
    public const ulong MsRemount = 32;
    public const ulong MsBind = 4096;
    public const ulong MsRec = 16384;
    public const ulong MsPrivate = 1 << 18;

    public const int Enoent = 2;
    public const int Esrch = 3;
    public const int Eperm = 1;
    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Enomem = 12;
    public const int Eacces = 13;
    public const int Einval = 22;
    public const int Enfile = 23;
    public const int Emfile = 24;
    public const int Enospc = 28;
    public const int Enotdir = 20;
    public const int Enosys = 38;

    public const long Cgroup2SuperMagic = 0x63677270;
    public const long ProcSuperMagic = 0x9fa0;
    public const long SysfsMagic = 0x62656572;

    /// <summary>ioctl(2) on a namespace: a descriptor of the user namespace that owns it.</summary>
    public const nuint NsGetUserns = 0xb701;

    /// <summary>ioctl(2) on a user namespace: a descriptor of the one that it was made in.</summary>
    public const nuint NsGetParent = 0xb702;

    private const nint SysOpenTree = 428;
    private const nint SysMoveMount = 429;
    private const nint SysMountSetattr = 442;

    // O_DIRECTORY and O_NOFOLLOW are the two flags that differ between the architectures.
    public static int ODirectory => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    public static int ONofollow => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Whether a call failed because what it asked for is gone. All else, a refusal too, tells nothing of it.</summary>
    public static bool IsAbsence(int error) => error is Enoent or Esrch or Enotdir;

    /// <summary>Whether a call failed because the kernel, or a module of it, lets this process not look: to try again makes no difference.</summary>
    public static bool IsRefusal(int error) => error is Eperm or Eacces;

    /// <summary>Whether a call failed because the caller lacked something: that tells nothing of what it asked for.</summary>
    public static bool IsWant(Exception exception) =>
        (exception is Win32Exception failure ? failure.NativeErrorCode : exception.HResult) is Enomem or Enfile or Emfile;

    [StructLayout(LayoutKind.Sequential)]
    public struct MountAttr
    {
        public ulong AttrSet;
        public ulong AttrClr;
        public ulong Propagation;
        public ulong UsernsFd;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode = 0);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int directory, string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint PRead(int fd, byte* buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(int directory, byte* path, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "fchdir", SetLastError = true)]
    public static partial int FChDir(int fd);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNs(int fd, int type);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int IoCtl(int fd, nuint request);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string? source, string target, string? type, nuint flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Umount2(string target, int flags);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatFs(string path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int FStatFs(int fd, byte* buffer);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int fd, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RmDir(string path);

    public static int OpenTree(int directory, string path, uint flags) => (int)OpenTreeCall(SysOpenTree, directory, path, flags);

    public static int MountSetAttr(int fd, MountAttr* attributes) =>
        (int)MountSetAttrCall(SysMountSetattr, fd, "", AtEmptyPath, attributes, sizeof(MountAttr));

    /// <summary>Both ends by descriptor.</summary>
    public static int MoveMount(int from, int to, uint flags) =>
        (int)MoveMountCall(SysMoveMount, from, "", to, "", MoveMountFEmptyPath | MoveMountTEmptyPath | flags);

    /// <summary>To a path of the calling thread's own namespace.</summary>
    public static int MoveMount(int from, string to, uint flags) =>
        (int)MoveMountCall(SysMoveMount, from, "", AtFdcwd, to, MoveMountFEmptyPath | flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenTreeCall(nint number, nint directory, string path, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint MountSetAttrCall(nint number, nint directory, string path, nuint flags, MountAttr* attributes, nint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint MoveMountCall(nint number, nint fromDirectory, string from, nint toDirectory, string to, nuint flags);
}
