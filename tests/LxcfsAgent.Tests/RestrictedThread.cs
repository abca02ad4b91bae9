using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

/// <summary>Runs something on a thread that may do less than this process, and ends with it: what is given up is given up for good.</summary>
internal static unsafe partial class RestrictedThread
{
    private const int PrSetSeccomp = 22;
    private const int PrSetNoNewPrivs = 38;
    private const nuint FilterMode = 2;

    /// <summary>Root without a capability.</summary>
    public static T WithoutCapabilities<T>(Func<T> work) => Run(
        () =>
        {
            var header = stackalloc uint[] { 0x20080522, 0 }; // _LINUX_CAPABILITY_VERSION_3, this thread.
            var none = stackalloc uint[6];
            Assert.Equal(0, CapSet(header, none));
        },
        work);

    /// <summary>On a kernel that answers ENOSYS to one call.</summary>
    public static T WithoutCall<T>(int number, Func<T> work) => Run(
        () =>
        {
            var filter = stackalloc ulong[]
            {
                Instruction(0x20, 0, 0, 0), // Load the call's number.
                Instruction(0x15, 0, 1, (uint)number), // One further unless it is this.
                Instruction(0x06, 0, 0, 0x00050000 | Libc.Enosys), // SECCOMP_RET_ERRNO
                Instruction(0x06, 0, 0, 0x7fff0000), // SECCOMP_RET_ALLOW
            };
            var program = stackalloc ulong[] { 4, (ulong)filter };
            Assert.Equal(0, ProcessCalls.PrCtl(PrSetNoNewPrivs, 1, 0, 0, 0));
            Assert.Equal(0, ProcessCalls.PrCtl(PrSetSeccomp, FilterMode, (nuint)program, 0, 0));
        },
        work);

    private static T Run<T>(Action restrict, Func<T> work)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            restrict();
            result = work();
        }));
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }

    /// <summary>struct sock_filter.</summary>
    private static ulong Instruction(ushort code, byte ifTrue, byte ifFalse, uint value) =>
        code | ((ulong)ifTrue << 16) | ((ulong)ifFalse << 24) | ((ulong)value << 32);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int CapSet(uint* header, uint* data);
}
