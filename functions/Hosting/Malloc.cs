using System.Runtime.InteropServices;

namespace LxcfsFunctions.Hosting;

/// <summary>The C library's heap, which OpenSSL's connections live in.</summary>
internal static partial class Malloc
{
    /// <summary>malloc.h, M_ARENA_MAX.</summary>
    private const int ArenaMax = -8;

    /// <summary>
    /// An arena for each thread keeps memory that no other thread may use: 2 to 3 MiB under load. One is enough, since only
    /// OpenSSL allocates here. Where the C library is not glibc there are no arenas.
    /// </summary>
    public static void UseOneArena()
    {
        if (NativeLibrary.TryLoad("libc.so.6", out _))
            _ = mallopt(ArenaMax, 1);
    }

    [LibraryImport("libc.so.6")]
    private static partial int mallopt(int parameter, int value);
}
