using System.Runtime.InteropServices;
using LxcfsAgent.Native;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Containers;

/// <summary>
/// Descriptors of the files of one mount of LXCFS, opened once while it answers: to mount them somewhere then asks LXCFS
/// nothing, and can't hang.
/// </summary>
internal sealed class ServedFiles : IDisposable
{
    private readonly Dictionary<string, Descriptor> _files = [];

    private ServedFiles(string device, Descriptor root)
    {
        Device = device;
        Root = root;
    }

    /// <summary>The device number of the mount, such as <c>0:53</c>.</summary>
    public string Device { get; }

    /// <summary>The mount as a whole.</summary>
    public Descriptor Root { get; }

    /// <exception cref="System.ComponentModel.Win32Exception">It doesn't answer.</exception>
    public static ServedFiles Open(string mountPoint, string device)
    {
        var served = new ServedFiles(device, Descriptor.Open(mountPoint, Libc.OPath));
        foreach (var file in LxcfsFile.All)
        {
            if (Descriptor.TryOpen(mountPoint + file.Path, Libc.OPath) is { } descriptor)
            {
                served._files[file.Path] = descriptor;
            }
            else if (Marshal.GetLastPInvokeError() != Libc.Enoent)
            {
                // It has died: its files are not lacking.
                var failure = Descriptor.Failed($"open {mountPoint}{file.Path}");
                served.Dispose();
                throw failure;
            }

            // A version of LXCFS may lack one; then the container keeps the node's.
        }

        return served;
    }

    /// <summary>A new mount of the file, read-only; null where this LXCFS doesn't have it.</summary>
    public Descriptor? Clone(string path) => _files.TryGetValue(path, out var file) ? Mounts.Clone(file, readOnly: true) : null;

    public void Dispose()
    {
        Root.Dispose();
        foreach (var file in _files.Values)
            file.Dispose();
    }
}
