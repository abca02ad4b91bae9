using System.ComponentModel;
using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.State;

/// <summary>The folder that one process of LXCFS is mounted at.</summary>
internal static class MountPointFolder
{
    /// <summary>Removes it, empty as it has to be, and the file beside it that names the process.</summary>
    /// <exception cref="Win32Exception">It stays, since something is mounted there still, say.</exception>
    public static void Remove(string mountPoint)
    {
        if (Libc.RmDir(mountPoint) != 0 && !Libc.IsAbsence(Marshal.GetLastPInvokeError()))
            throw Descriptor.Failed($"rmdir {mountPoint}");
        File.Delete(StateFolder.PidFile(mountPoint));
    }

    /// <param name="said">Is told where it stays, and why.</param>
    public static void Remove(string mountPoint, Action<string> said)
    {
        try
        {
            Remove(mountPoint);
        }
        catch (Win32Exception exception)
        {
            said(exception.Message);
        }
    }
}
