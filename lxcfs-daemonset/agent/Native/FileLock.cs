using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>
/// A flock(2) on a file; the kernel drops it when its holder dies, however it dies. .NET's own way to open a file takes such
/// a lock too, and so can't be used to wait for one.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int OwnerOnly = 0x180; // 0600

    private readonly Descriptor _file;

    private FileLock(Descriptor file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The file can't be made or locked.</exception>
    public static FileLock Take(string path) => TryTake(path, Libc.LockEx) ?? throw Descriptor.Failed($"flock {path}");

    /// <summary>Answers null when somebody else holds it.</summary>
    public static FileLock? TryTake(string path) => TryTake(path, Libc.LockEx | Libc.LockNb);

    public void Dispose() => _file.Dispose();

    private static FileLock? TryTake(string path, int operation)
    {
        var file = Descriptor.Open(path, Libc.ORdwr | Libc.OCreat, OwnerOnly);
        while (Libc.Flock(file.Number, operation) != 0)
        {
            if (Marshal.GetLastPInvokeError() == Libc.Eintr)
                continue;
            file.Dispose();
            return null;
        }

        return new(file);
    }
}
