using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>
/// The mounts of a namespace by numbers that the kernel never gives twice. Where they are the same ones again, no mount has come or gone
/// in between, which costs some microseconds to tell and no visit to the namespace.
/// </summary>
/// <param name="namespaceNumber">Is never given twice either.</param>
internal sealed unsafe partial class MountList(ulong namespaceNumber, ulong[] mounts)
{
    /// <summary>A container has some dozens.</summary>
    private const int Most = 512;

    /// <summary>ioctl(2) on a mount namespace: its number, and how many mounts it has. Since Linux 6.12.</summary>
    private const nuint NsMntGetInfo = 0x8010b70a;

    private const nint SysListmount = 458;

    /// <summary>Stands for the root of the namespace.</summary>
    private const ulong Root = ulong.MaxValue;

    /// <summary>The number of the namespace.</summary>
    public ulong Namespace => namespaceNumber;

    public int Count => mounts.Length;

    private ReadOnlySpan<ulong> Numbers => mounts;

    /// <returns>Null where it can't be told, as before Linux 6.12, or there are more than are listed.</returns>
    public static MountList? Of(Descriptor mountNamespace)
    {
        var info = new Info { Size = (uint)sizeof(Info) };
        if (IoCtl(mountNamespace.Number, NsMntGetInfo, &info) != 0 || info.Mounts > Most)
            return null;
        var request = new Request { Size = (uint)sizeof(Request), Mount = Root, Namespace = info.Namespace };
        Span<ulong> numbers = stackalloc ulong[Most + 1];
        int count;
        fixed (ulong* target = numbers)
            count = (int)ListMount(SysListmount, &request, target, numbers.Length, 0);
        // A file system from the kernel's own start may lie below the root. What else is out of reach from there would not be listed.
        return count > 0 && info.Mounts - count is 0 or 1 ? new(info.Namespace, numbers[..count].ToArray()) : null;
    }

    /// <summary>Whether it is the same namespace, and no mount has come or gone.</summary>
    public bool Is(MountList other) => Namespace == other.Namespace && mounts.AsSpan().SequenceEqual(other.Numbers);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoCtl(int fd, nuint request, Info* info);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint ListMount(nint number, Request* request, ulong* numbers, nint most, nint flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public uint Size;
        public uint Mounts;
        public ulong Namespace;
    }

    /// <summary>mnt_id_req of the kernel.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public uint Size;
        public uint Spare;
        public ulong Mount;
        public ulong After;
        public ulong Namespace;
    }
}
