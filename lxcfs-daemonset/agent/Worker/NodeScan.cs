using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Looks at each mount namespace of the node once, from inside: what a process in it has changed its own root to makes no difference. No
/// container runtime is asked, so it works with all of them. Runs on a thread that may roam.
/// </summary>
internal sealed class NodeScan(ProcFolder proc, ScanRequest request, ReplyWriter replies, MountNamespace.Roamer roamer, TimeProvider clock)
{
    /// <summary>The node's first process: what it has mounted is the node's.</summary>
    private const int First = 1;

    private const int MostExamples = 20;
    private const int MostProcesses = 16;

    /// <summary>A scan that takes longer is broken off; the next one begins there.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Processes _processes = new(proc);
    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<string> _skip = [.. request.Skip];
    private readonly Dictionary<string, List<ProcessFacts>> _members = [];
    private readonly List<ForeignNamespace> _foreign = [];
    private readonly List<UnreadableNamespace> _unreadable = [];
    private readonly List<string> _tooLong = [];
    private byte[] _text = new byte[65536];
    private int _foreignCount;
    private IReadOnlyList<string>? _nodeDevices;

    public void Run()
    {
        var own = proc.OwnUserNamespace();
        var started = clock.GetTimestamp();
        var brokenOffAt = 0;
        var found = new List<ContainerFacts>();
        foreach (var pid in Order([.. Processes.All()], request.From))
        {
            if (clock.GetElapsedTime(started) > Longest)
            {
                brokenOffAt = pid;
                break;
            }

            if (_processes.NamespaceOf(pid) is not { } place)
                continue;
            if (_seen.Add(place.Link))
            {
                var sight = Look(pid, place.Task, Processes.Text(place.Link), own);
                if (sight.Container is { } container)
                {
                    found.Add(container);
                    _members[container.Namespace] = [];
                }

                // Another process of it may be there still.
                if (sight.IsGone)
                    _seen.Remove(place.Link);
            }

            if (request.Details && _members.TryGetValue(Processes.Text(place.Link), out var members))
                Remember(members, pid);
        }

        foreach (var container in found)
            replies.Write(new(Container: request.Details ? container with { Processes = _members[container.Namespace] } : container));
        var complete = brokenOffAt == 0 && _processes.Failures == 0;
        replies.Write(new(Summary: new(_seen.Count, _foreignCount, _foreign, _nodeDevices, _unreadable, _tooLong, complete, brokenOffAt)));
    }

    /// <summary>The node's first process, then the others from where the scan before was broken off.</summary>
    public static IEnumerable<int> Order(IReadOnlyList<int> pids, int from) =>
        [First, .. pids.Where(pid => pid != First && pid >= from), .. pids.Where(pid => pid != First && pid < from)];

    private Sight Look(int pid, string task, string name, string own)
    {
        if (_skip.Contains(name))
            return default;
        using var mountNamespace = proc.Folder.TryOpenAt($"{task}/ns/mnt", Libc.ORdonly);
        if (mountNamespace is null)
            return Unreadable(name, pid, Marshal.GetLastPInvokeError());
        if (proc.OwnerOf(mountNamespace) is var owner && owner != own)
            return owner.Length > 0 ? Foreign(name, pid) : Unreadable(name, pid, Marshal.GetLastPInvokeError());
        replies.Write(new(Begun: name));
        try
        {
            roamer.Enter(mountNamespace);
        }
        catch (Win32Exception exception)
        {
            return Unreadable(name, pid, exception.NativeErrorCode);
        }

        var text = proc.MountTable(ref _text, out var error);
        // A path that is looked at for the next process is the node's, and no container's.
        roamer.Return();
        if (text.Length == 0)
            return Unreadable(name, pid, error);
        if (text.Length >= proc.LongestTable)
        {
            if (_tooLong.Count < MostExamples)
                _tooLong.Add(name);
            return default;
        }

        if (pid != First && !MountTable.MentionsLxcfs(text))
            return default;
        var table = MountTable.Parse(text);
        if (pid == First)
            _nodeDevices = [.. table.Whole.Select(mount => mount.Device).Distinct()];
        return table.HasFiles || table.OtherTargets > 0 ? new(FactsOf(table, name, pid, task)) : default;
    }

    private ContainerFacts FactsOf(MountTable table, string name, int pid, string task)
    {
        var files = table.Files().ToList();
        var live = request.Details ? 0 : files.RemoveAll(file => file.Layer == FileLayer.Top && file.Device == request.Live && file.Below is null);
        return new(
            name,
            pid,
            live,
            files,
            table.OtherTargets,
            table.OtherTargets == 0 ? null : [.. table.Others.Select(mount => $"{mount.Root} at {mount.Target}")],
            OwnDevices: OwnDevices(table),
            Cgroup: request.Details ? _processes.CgroupOf(task) : null);
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

    private Sight Foreign(string name, int pid)
    {
        _foreignCount++;
        if (_foreign.Count < MostExamples)
            _foreign.Add(new(name, pid));
        return default;
    }

    private Sight Unreadable(string name, int pid, int error)
    {
        // A process that has ended is no error.
        if (error is Libc.Enoent or Libc.Esrch)
            return new(IsGone: true);
        if (_unreadable.Count < MostExamples)
            _unreadable.Add(new(name, pid, Marshal.GetPInvokeErrorMessage(error)));
        return default;
    }

    /// <summary>Keeps the oldest processes of a container, whatever their numbers: its first one is mostly the last to end.</summary>
    private void Remember(List<ProcessFacts> members, int pid)
    {
        var started = _processes.StatOf(pid.ToString(CultureInfo.InvariantCulture)).Started;
        if (started == 0)
            return;
        var place = members.FindLastIndex(member => member.Started <= started) + 1;
        if (place == MostProcesses)
            return;
        members.Insert(place, new(pid, started));
        if (members.Count > MostProcesses)
            members.RemoveAt(MostProcesses);
    }

    /// <summary>What a look at a namespace by one of its processes has shown.</summary>
    /// <param name="Container">Null where there is nothing of LXCFS, or nobody may look.</param>
    /// <param name="IsGone">Whether the process has ended before it was shown.</param>
    private readonly record struct Sight(ContainerFacts? Container = null, bool IsGone = false);
}
