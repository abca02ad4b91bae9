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

    /// <summary>The mount that a descriptor of the calling thread's process is on; 0 where that can't be told.</summary>
    public int MountOf(Descriptor descriptor)
    {
        var buffer = new byte[512];
        using var file = _folder.TryOpenAt($"thread-self/fdinfo/{descriptor.Number}", Libc.ORdonly);
        if (file is null)
            return 0;
        var line = Encoding.ASCII.GetString(file.Read(ref buffer, 4096)).Split('\n').FirstOrDefault(line => line.StartsWith("mnt_id:", StringComparison.Ordinal));
        return line is not null && int.TryParse(line["mnt_id:".Length..], NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    /// <summary>Whether a descriptor of the calling thread's process is on the very mount that was found.</summary>
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

    /// <summary>The user namespace that owns a namespace, such as <c>user:[4026531837]</c>; empty where that can't be told.</summary>
    public string OwnerOf(Descriptor descriptor)
    {
        var owner = Libc.IoCtl(descriptor.Number, Libc.NsGetUserns);
        if (owner < 0)
            return "";
        using var held = Descriptor.From(owner, "ioctl");
        return _folder.ReadLink($"self/fd/{held.Number}");
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
