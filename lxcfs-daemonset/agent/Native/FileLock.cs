using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>
/// A flock(2) on a file; the kernel drops it when its holder dies, however it dies. .NET's own way to open a file takes such
/// a lock too, and so can't be used to wait for one.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int OwnerOnly = 0x180; // 0600

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly Descriptor _file;

    private FileLock(Descriptor file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The file can't be made, or not locked.</exception>
    /// <exception cref="IOException">Somebody holds it for longer than the patience.</exception>
    public static FileLock Take(string path, TimeSpan patience)
    {
        for (var started = Stopwatch.GetTimestamp(); ; Thread.Sleep(Look))
        {
            if (TryTake(path) is { } taken)
                return taken;
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new IOException($"{path} has been locked for {patience.TotalSeconds} s; does another agent hang?");
        }
    }

    /// <summary>Answers null when somebody else holds it.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The file can't be made, or not locked: that tells nothing of others.</exception>
    public static FileLock? TryTake(string path) => TryTake(Descriptor.Open(path, Libc.ORdwr | Libc.OCreat, OwnerOnly), path);

    /// <summary>Whether somebody holds it; nobody does where there is no such file.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told.</exception>
    public static bool IsHeld(string path)
    {
        var file = Descriptor.TryOpen(path, Libc.ORdwr);
        if (file is null)
            return Libc.IsAbsence(Marshal.GetLastPInvokeError()) ? false : throw Descriptor.Failed($"open {path}");
        using var taken = TryTake(file, path);
        return taken is null;
    }

    private static FileLock? TryTake(Descriptor file, string path)
    {
        while (Libc.Flock(file.Number, Libc.LockEx | Libc.LockNb) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.Eintr)
                continue;
            var failure = Descriptor.Failed($"flock {path}");
            file.Dispose();
            return error == Libc.Eagain ? null : throw failure;
        }

        return new(file);
    }

    public void Dispose() => _file.Dispose();
}
