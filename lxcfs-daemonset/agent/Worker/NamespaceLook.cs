using System.ComponentModel;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>Looks at one mount namespace after the other, from inside each.</summary>
/// <param name="memory">What scans before have shown.</param>
internal sealed class NamespaceLook(ProcFolder proc, ScanRequest request, LookMemory memory)
{
    /// <summary>Of a path that a tenant has chosen, so much is told.</summary>
    private const int LongestExample = 256;

    private readonly string _own = proc.OwnUserNamespace();
    private readonly Dictionary<string, NamedNamespace> _named = (request.Named ?? []).GroupBy(named => named.Namespace).ToDictionary(group => group.Key, group => group.Last());

    /// <summary>On a thread that roams.</summary>
    /// <param name="text">A buffer of that thread's, to be replaced by a longer one where it has to be.</param>
    public Sight Take(int pid, string task, string name, MountNamespace.Roamer roamer, byte[][] text)
    {
        try
        {
            // Looked at before the namespace is: that shows whose it was.
            var cgroup = request.Details ? new Processes(proc).CgroupOf(task) : null;
            using var mountNamespace = proc.TryOpenNamespace(task);
            // Another process may have the number by now, or be elsewhere.
            if (mountNamespace is null || proc.NameOf(mountNamespace) != name)
                return new() { IsGone = true };
            var owner = proc.OwnerOf(mountNamespace);
            var named = owner == _own ? null : _named.GetValueOrDefault(name);
            if (owner != _own && named?.Is(name, owner, new(proc)) != true)
                return new() { Foreign = new(name, pid) };
            // Who has named it may end.
            var list = request.Details || pid == NodeScan.First || named is not null ? null : MountList.Of(mountNamespace);
            if (list is not null && memory.Find(list) is { } known)
                return known.By(pid);
            roamer.Enter(mountNamespace);
            var table = proc.MountTable(ref text[0], out var error);
            // A path that is looked at for the next process is the node's, and no container's.
            roamer.Return();
            var sight = table.Length == 0 ? Sight.OfUnreadable(name, pid, error)
                : table.Length >= proc.LongestTable ? new() { TooLong = name }
                : Read(table, name, pid, cgroup, named);
            if (list is not null)
                memory.Note(list, sight);
            return sight;
        }
        catch (Win32Exception exception)
        {
            return Sight.OfUnreadable(name, pid, exception.NativeErrorCode);
        }
    }

    private Sight Read(ReadOnlySpan<byte> text, string name, int pid, string? cgroup, NamedNamespace? named)
    {
        if (pid != NodeScan.First && !MountTable.MentionsLxcfs(text))
            return new();
        var table = MountTable.Parse(text);
        return new()
        {
            NodeDevices = pid == NodeScan.First && table.Whole.Count < MountTable.MostWhole ? [.. table.Whole.Select(mount => mount.Device).Distinct()] : null,
            Container = table.HasFiles || table.OtherTargets > 0 ? FactsOf(table, name, pid) with { Named = named, Cgroup = cgroup } : null,
        };
    }

    private ContainerFacts FactsOf(MountTable table, string name, int pid)
    {
        var files = table.Files().ToList();
        var live = request.Details ? 0 : files.RemoveAll(file => file.Layer == FileLayer.Top && file.Device == request.Live && file.Below is null);
        return new(
            name,
            pid,
            live,
            files,
            table.OtherTargets,
            table.OtherTargets == 0 ? null : [.. table.Others.Select(mount => Cut($"{mount.Root} at {mount.Target}"))],
            OwnDevices: OwnDevices(table));
    }

    /// <summary>
    /// A container that mounts the node's folders keeps a dead LXCFS of ours for as long as it lives: where that was mounted below the agents'
    /// folder, or where ROOT is, tells it.
    /// </summary>
    private string[]? OwnDevices(MountTable table)
    {
        var ours = table.Whole.Where(IsOurs).Select(mount => mount.Device).ToHashSet();
        return table.Whole.Select(mount => mount.Device).Where(device => !ours.Contains(device)).Distinct().ToArray() is { Length: > 0 } own ? own : null;
    }

    private bool IsOurs(MountEntry mount) =>
        mount.Target.Contains("/.lxcfs-agent/mounts/", StringComparison.Ordinal)
        || mount.Target.StartsWith(request.NodeFolder + "/", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length <= LongestExample ? text : text[..LongestExample] + "...";
}
