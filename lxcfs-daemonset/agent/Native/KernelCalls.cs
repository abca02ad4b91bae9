using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>What a system call answered that was made with arguments that no kernel can do anything with.</summary>
internal enum CallState
{
    Present,

    /// <summary>This kernel does not have it.</summary>
    Absent,

    /// <summary>This process may not make it: a privilege is missing, or a filter is in the way.</summary>
    Refused,
}

/// <summary>Asks the kernel which of the newer system calls it has. Changes nothing: there is no descriptor -1.</summary>
internal static unsafe partial class KernelCalls
{
    private const int NoDescriptor = -1;
    private const nuint Beneath = 0x204; // MOVE_MOUNT_BENEATH | MOVE_MOUNT_F_EMPTY_PATH

    private static readonly byte[] Empty = [0];

    public static CallState OpenTree() => State(Call(428, NoDescriptor, 0, 0));

    public static CallState MoveMount() => State(MoveMount(0x4));

    /// <summary>A kernel that knows the flag looks at the descriptor next; one that does not calls the flag invalid.</summary>
    public static CallState MoveMountBeneath() => MoveMount(Beneath) is var error && error == Libc.Einval ? CallState.Absent : State(error);

    /// <summary>To change no attribute succeeds, wherever; who may not mount hears so first.</summary>
    public static CallState MountSetAttr()
    {
        var none = default(Libc.MountAttr);
        fixed (byte* path = Empty)
            return State(MountSetAttrCall(442, NoDescriptor, path, 0, &none, sizeof(Libc.MountAttr)) < 0 ? Marshal.GetLastPInvokeError() : 0);
    }

    public static CallState PidFdOpen() => State(PidFd(434, NoDescriptor, 0) < 0 ? Marshal.GetLastPInvokeError() : 0);

    private static CallState State(int error) => error switch
    {
        Libc.Enosys => CallState.Absent,
        Libc.Eperm => CallState.Refused,
        _ => CallState.Present,
    };

    /// <returns>The error.</returns>
    private static int Call(nint number, nint descriptor, nuint flags, nuint mask)
    {
        fixed (byte* path = Empty)
            return PathCall(number, descriptor, path, flags, mask, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private static int MoveMount(nuint flags)
    {
        fixed (byte* path = Empty)
            return MoveMountCall(429, NoDescriptor, path, NoDescriptor, path, flags) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PathCall(nint number, nint descriptor, byte* path, nuint flags, nuint more, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint MountSetAttrCall(nint number, nint descriptor, byte* path, nuint flags, Libc.MountAttr* attributes, nint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint MoveMountCall(nint number, nint from, byte* fromPath, nint to, byte* toPath, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint PidFd(nint number, nint pid, nuint flags);
}
