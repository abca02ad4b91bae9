using System.Globalization;
using System.IO.Enumeration;
using System.Text.Unicode;
using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>
/// Finds every container that LXCFS is mounted in, by looking at each mount namespace of the node once. It asks no container
/// runtime, so it works with all of them.
/// </summary>
/// <param name="proc">The proc file system of the node's process namespace.</param>
internal sealed class Scan(string proc = "/proc")
{
    private const string NamespaceLink = "ns/mnt";

    private readonly HashSet<UInt128> _seen = [];
    private byte[] _text = new byte[16384];

    public ContainerSet Run()
    {
        _seen.Clear();
        var found = new List<Container>();
        using var processes = Descriptor.Open(proc, Libc.OPath);
        foreach (var pid in Pids())
        {
            // The node's own tasks and those of one container share a namespace: all but the first cost one readlink.
            if (_seen.Add(LinkOf(processes, pid)) && Look(processes, pid) is { } container)
                found.Add(container);
        }

        return new(found);
    }

    /// <summary>The container of a process, if it is still the one that was withdrawn from; null otherwise.</summary>
    public Container? Find(WithdrawnContainer withdrawn)
    {
        using var processes = Descriptor.Open(proc, Libc.OPath);
        var container = Look(processes, withdrawn.Pid, whatever: true);
        if (container is null || (container.Id == withdrawn.MountNamespace && container.Started == withdrawn.Started))
            return container;
        container.Dispose();
        return null;
    }

    private FileSystemEnumerable<int> Pids() =>
        new(proc, (ref FileSystemEntry entry) => int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture))
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => char.IsAsciiDigit(entry.FileName[0]),
        };

    /// <summary>The text of the link, <c>mnt:[4026532391]</c>, which is 16 bytes long, as a number; 0 when the process is gone.</summary>
    private static unsafe UInt128 LinkOf(Descriptor processes, int pid)
    {
        Span<byte> path = stackalloc byte[32];
        Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"{pid}/{NamespaceLink}\0", out _);
        Span<byte> target = stackalloc byte[16];
        target.Clear();
        fixed (byte* from = path, to = target)
            return Libc.ReadLinkAt(processes.Number, from, to, target.Length) <= 0 ? 0 : BitConverter.ToUInt128(target);
    }

    /// <param name="whatever">Also where nothing of LXCFS is mounted.</param>
    private Container? Look(Descriptor processes, int pid, bool whatever = false)
    {
        using var mine = new Owned();
        if (mine.Keep(processes.TryOpenAt(pid.ToString(CultureInfo.InvariantCulture), Libc.OPath)) is not { } process
            || mine.Keep(process.TryOpenAt("mountinfo", Libc.ORdonly)) is not { } mountInfo)
            return null;
        var text = mountInfo.ReadAll(ref _text);
        if (!(whatever || MountInfo.MentionsLxcfs(text)))
            return null;
        var mounts = MountInfo.ParseServed(text);
        // The node and the agents have whole mounts of it, and no file.
        if (!(whatever || View.HasFiles(mounts)) || mine.Keep(process.TryOpenAt(NamespaceLink, Libc.ORdonly)) is not { } mountNamespace)
            return null;
        mine.LetGo();
        return new(process.ReadLink(NamespaceLink), pid, mounts, process, mountNamespace, mountInfo);
    }

    /// <summary>Closes what was opened on the way to a container that turned out not to be one.</summary>
    private sealed class Owned : IDisposable
    {
        private readonly List<Descriptor> _kept = [];

        public Descriptor? Keep(Descriptor? descriptor)
        {
            if (descriptor is not null)
                _kept.Add(descriptor);
            return descriptor;
        }

        public void LetGo() => _kept.Clear();

        public void Dispose() => _kept.ForEach(descriptor => descriptor.Dispose());
    }
}
