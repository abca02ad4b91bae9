using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Descriptors of the files of one mount of LXCFS, opened once: to mount them somewhere then asks LXCFS nothing, and can't hang.
/// </summary>
internal sealed class ServedFiles : IDisposable
{
    private readonly Dictionary<string, Descriptor> _files = [];

    private readonly string _mountPoint;
    private bool _areBound;

    private ServedFiles(string mountPoint) => _mountPoint = mountPoint;

    /// <exception cref="System.ComponentModel.Win32Exception">It doesn't answer.</exception>
    /// <exception cref="IOException">Nothing is mounted there: an LXCFS that was ended has unmounted it, and lacks no file.</exception>
    public static ServedFiles Open(string mountPoint)
    {
        // From here on it is this mount, whatever becomes of the path.
        using var mount = Descriptor.Open(mountPoint, Libc.OPath | Libc.ODirectory);
        using (var around = Descriptor.Open(Path.GetDirectoryName(mountPoint)!, Libc.OPath | Libc.ODirectory))
        {
            if (mount.Device == around.Device)
                throw new IOException($"nothing is mounted at {mountPoint}");
        }

        var served = new ServedFiles(mountPoint);
        foreach (var path in FileIdentity.All.Select(file => file.Path).Distinct())
        {
            if (TryOpen(mount, path[1..]) is { } descriptor)
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

    /// <summary>Linux 6.18 may drop the entry of a FUSE file while somebody looks for it: what is there at another look is not lacking.</summary>
    private static Descriptor? TryOpen(Descriptor mount, string path)
    {
        const int looks = 5;
        for (var look = 1; ; look++)
        {
            if (mount.TryOpenAt(path, Libc.OPath) is { } descriptor)
                return descriptor;
            if (look == looks || Marshal.GetLastPInvokeError() != Libc.Enoent)
                return null;
        }
    }

    /// <summary>
    /// The same for kernels that can't give attributes to a mount before it is attached: bound, with the attributes of a container's mount,
    /// in a namespace of the thread's own.
    /// </summary>
    public ServedFiles Bind(MountNamespace.Roamer roamer)
    {
        roamer.Settle();
        // Each thread sees its own mounts there.
        var folder = Directory.CreateDirectory("/run/lxcfs-agent/bound").FullName;
        var bound = new ServedFiles(_mountPoint) { _areBound = true };
        foreach (var path in _files.Keys)
        {
            var place = folder + "/" + path.Replace('/', '-');
            using (File.Open(place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
            }

            // What was opened before is another namespace's mount.
            Mounts.BindReadOnly(_mountPoint + path, place);
            bound._files[path] = Descriptor.Open(place, Libc.OPath);
        }

        return bound;
    }

    /// <summary>A new mount of the file, read-only; null where this LXCFS doesn't have it. The calling thread has to be in its own namespace.</summary>
    public Descriptor? Clone(string path) =>
        !_files.TryGetValue(path, out var file) ? null : _areBound ? Mounts.CloneAsItIs(file) : Mounts.Clone(file, readOnly: true);

    public void Dispose()
    {
        foreach (var file in _files.Values)
            file.Dispose();
    }
}
