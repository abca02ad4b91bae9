using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>How many descriptors this process, and what it starts, may hold: getrlimit(2), RLIMIT_NOFILE.</summary>
internal static unsafe partial class FileDescriptorLimit
{
    private const int RlimitNofile = 7;

    /// <summary>Raises the soft limit to the hard one. Some runtimes start containers with 1024, as systemd does with its services.</summary>
    /// <returns>What holds now.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It can't be read or raised.</exception>
    public static ulong Raise()
    {
        Rlimit limit;
        if (GetRlimit(RlimitNofile, &limit) != 0)
            throw Descriptor.Failed("getrlimit RLIMIT_NOFILE");
        if (limit.Soft == limit.Hard)
            return limit.Soft;
        limit.Soft = limit.Hard;
        return SetRlimit(RlimitNofile, &limit) == 0 ? limit.Soft : throw Descriptor.Failed("setrlimit RLIMIT_NOFILE");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Rlimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetRlimit(int resource, Rlimit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetRlimit(int resource, Rlimit* limit);
}
