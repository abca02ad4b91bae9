using System.ComponentModel;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// The folder that a file of LXCFS lies in, in the container that the calling thread is in: reached from the root of the mount namespace
/// without any link, and pinned. It is of the kernel's own proc or sysfs, so that nobody but the kernel makes names in it.
/// </summary>
internal sealed class ContainerFolder : IDisposable
{
    private readonly Descriptor _folder;

    private ContainerFolder(Descriptor folder, string path) => (_folder, Path) = (folder, path);

    public string Path { get; }

    /// <exception cref="Win32Exception">The path leads over a link, or is not there.</exception>
    /// <exception cref="InvalidOperationException">What is there is no folder of the kernel's.</exception>
    public static ContainerFolder Open(string path)
    {
        var flags = Libc.OPath | Libc.ODirectory | Libc.ONofollow;
        var folder = Descriptor.Open("/", flags);
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            using var parent = folder;
            folder = parent.OpenAt(name, flags);
        }

        if (folder.FileSystem is Libc.ProcSuperMagic or Libc.SysfsMagic)
            return new(folder, path);
        folder.Dispose();
        throw new InvalidOperationException($"{path} is not the kernel's");
    }

    /// <summary>What is topmost at a name: a mount, or the kernel's own file.</summary>
    public Descriptor Top(string name) => _folder.OpenAt(name, Libc.OPath | Libc.ONofollow);

    /// <summary>The mount that the folder itself is on.</summary>
    public int MountIn(ProcFolder proc) => proc.MountOf(_folder);

    /// <summary>Has the calling thread's relative paths begin here.</summary>
    public void Enter()
    {
        if (Libc.FChDir(_folder.Number) != 0)
            throw Descriptor.Failed($"fchdir {Path}");
    }

    public void Dispose() => _folder.Dispose();
}
