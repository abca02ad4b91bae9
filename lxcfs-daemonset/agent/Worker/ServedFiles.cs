using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Descriptors of the files of one mount of LXCFS, opened once: to mount them somewhere then asks LXCFS nothing, and can't hang.
/// </summary>
internal sealed class ServedFiles : IDisposable
{
    private readonly Dictionary<string, Descriptor> _files = [];

    public required string MountPoint { get; init; }

    /// <exception cref="System.ComponentModel.Win32Exception">It doesn't answer.</exception>
    public static ServedFiles Open(string mountPoint)
    {
        var served = new ServedFiles { MountPoint = mountPoint };
        foreach (var path in FileIdentity.All.Select(file => file.Path).Distinct())
        {
            if (Descriptor.TryOpen(mountPoint + path, Libc.OPath) is { } descriptor)
            {
                served._files[path] = descriptor;
            }
            else if (Marshal.GetLastPInvokeError() != Libc.Enoent)
            {
                // It has died: its files are not lacking.
                var failure = Descriptor.Failed($"open {mountPoint}{path}");
                served.Dispose();
                throw failure;
            }

            // A version of LXCFS may lack one; then the container keeps the node's.
        }

        return served;
    }

    /// <summary>A new mount of the file, read-only; null where this LXCFS doesn't have it. The calling thread has to be in its own namespace.</summary>
    public Descriptor? Clone(string path) => _files.TryGetValue(path, out var file) ? Mounts.Clone(file, readOnly: true) : null;

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }
}
