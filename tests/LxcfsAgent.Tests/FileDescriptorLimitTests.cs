using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

public sealed unsafe partial class FileDescriptorLimitTests
{
    private const int RlimitNofile = 7;

    [Fact]
    public void As_many_descriptors_are_had_as_may_be()
    {
        var before = stackalloc ulong[2];
        Assert.Equal(0, GetRlimit(RlimitNofile, before));
        var low = stackalloc ulong[] { before[1] / 2, before[1] };
        Assert.Equal(0, SetRlimit(RlimitNofile, low));

        Assert.Equal(before[1], FileDescriptorLimit.Raise());

        var after = stackalloc ulong[2];
        Assert.Equal(0, GetRlimit(RlimitNofile, after));
        Assert.Equal((before[1], before[1]), (after[0], after[1]));
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetRlimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetRlimit(int resource, ulong* limit);
}
