using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LxcfsAgent.Native;

/// <summary>A flock(2) on a file; the kernel drops it when its holder dies, however it dies.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="IOException">The folder of the file is gone.</exception>
    public static FileLock Take(string path) => Open(path, Libc.LockEx) ?? throw new IOException($"{path} can't be locked");

    /// <summary>Answers null when somebody else holds it.</summary>
    public static FileLock? TryTake(string path) => Open(path, Libc.LockEx | Libc.LockNb);

    public void Dispose() => _file.Dispose();

    private static FileLock? Open(string path, int operation)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        while (Libc.Flock((int)file.DangerousGetHandle(), operation) != 0)
        {
            const int interrupted = 4;
            if (Marshal.GetLastPInvokeError() == interrupted)
                continue;
            file.Dispose();
            return null;
        }

        return new(file);
    }
}
