using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// The /proc of the node's process namespace, held by descriptor: a thread that is in a container's mount namespace finds another one
/// at that path, or whatever the container put there.
/// </summary>
internal sealed class ProcFolder(int longestTable = ProcFolder.DefaultLongestTable) : IDisposable
{
    /// <summary>A container has some 5 kB.</summary>
    public const int DefaultLongestTable = 4 << 20;

    private readonly Descriptor _folder = Descriptor.Open("/proc", Libc.OPath);

    public Descriptor Folder => _folder;

    /// <summary>A table of mounts that has so many bytes, or more, is not read to its end.</summary>
    public int LongestTable => longestTable;

    /// <summary>The mount that a descriptor of the calling thread's process is on.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told.</exception>
    /// <exception cref="InvalidOperationException">The kernel does not tell it.</exception>
    public int MountOf(Descriptor descriptor)
    {
        var buffer = new byte[512];
        using var file = _folder.OpenAt($"thread-self/fdinfo/{descriptor.Number}", Libc.ORdonly);
        var line = Encoding.ASCII.GetString(file.Read(ref buffer, 4096)).Split('\n').FirstOrDefault(line => line.StartsWith("mnt_id:", StringComparison.Ordinal));
        return line is not null && int.TryParse(line["mnt_id:".Length..], NumberStyles.Integer, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InvalidOperationException("it can't be told what mount a descriptor is on");
    }

    /// <summary>Whether a descriptor of the calling thread's process is on the very mount that was found.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told, and the mount may be the one.</exception>
    public bool IsOn(Descriptor descriptor, MountIdentity found) => MountOf(descriptor) == found.Id && descriptor.Device == found.Device;

    /// <summary>The table of mounts of the namespace that the calling thread is in.</summary>
    /// <param name="error">Where nothing could be read, what that failed for.</param>
    public ReadOnlySpan<byte> MountTable(ref byte[] buffer, out int error)
    {
        using var file = _folder.TryOpenAt("thread-self/mountinfo", Libc.ORdonly);
        var text = file is null ? default : file.Read(ref buffer, LongestTable);
        error = text.Length > 0 ? 0 : Marshal.GetLastPInvokeError();
        return text;
    }

    /// <summary>The user namespace of this process. Without it every container would be somebody else's, and nothing would seem to be missing.</summary>
    /// <exception cref="IOException">It can't be told.</exception>
    public string OwnUserNamespace() => _folder.ReadLink("self/ns/user") is { Length: > 0 } own ? own : throw new IOException("/proc/self/ns/user can't be read");

    /// <summary>The user namespace that owns a namespace, such as <c>user:[4026531837]</c>.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told.</exception>
    public string OwnerOf(Descriptor descriptor)
    {
        using var held = Descriptor.From(Libc.IoCtl(descriptor.Number, Libc.NsGetUserns), "ioctl NS_GET_USERNS");
        return NameOf(held);
    }

    /// <summary>The user namespace that the owner of a namespace was made in.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told, as where it is none that this process may know of.</exception>
    public string ParentOfOwner(Descriptor descriptor)
    {
        using var owner = Descriptor.From(Libc.IoCtl(descriptor.Number, Libc.NsGetUserns), "ioctl NS_GET_USERNS");
        using var parent = Descriptor.From(Libc.IoCtl(owner.Number, Libc.NsGetParent), "ioctl NS_GET_PARENT");
        return NameOf(parent);
    }

    /// <summary>What the kernel calls that a descriptor of this process is on, such as <c>mnt:[4026532391]</c>.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told.</exception>
    public string NameOf(Descriptor descriptor) =>
        _folder.ReadLink($"self/fd/{descriptor.Number}") is { Length: > 0 } name ? name : throw Descriptor.Failed($"readlink self/fd/{descriptor.Number}");

    /// <summary>The mount namespace of a task; null where the task has ended.</summary>
    /// <param name="task">Its folder below /proc.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It can't be opened, and may be there.</exception>
    public Descriptor? TryOpenNamespace(string task)
    {
        for (var again = false; ; again = true)
        {
            if (_folder.TryOpenAt($"{task}/ns/mnt", Libc.ORdonly) is { } opened)
                return opened;
            var error = Marshal.GetLastPInvokeError();
            if (Libc.IsAbsence(error))
                return null;
            // The kernel says so of a task that ends just then, too, and the second time that it is gone.
            if (again || !Libc.IsRefusal(error))
                throw Descriptor.Failed($"open {task}/ns/mnt");
        }
    }

    /// <summary>Takes away the very mount that a descriptor is on, whatever lies over it or has its path by now.</summary>
    public void Detach(Descriptor mount)
    {
        // The link of a descriptor leads to the mount itself; no path of the container's is walked.
        if (Libc.FChDir(_folder.Number) != 0 || Libc.Umount2($"thread-self/fd/{mount.Number}", Libc.MntDetach) != 0)
            throw Descriptor.Failed("umount");
    }

    public void Dispose() => _folder.Dispose();
}
