using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Looks at each mount namespace of the node once, from inside: what a process in it has changed its own root to makes no difference. No
/// container runtime is asked, so it works with all of them. A namespace that holds a look up keeps no other from being looked at.
/// </summary>
internal sealed class NodeScan(ProcFolder proc, ScanRequest request, ReplyWriter replies, TimeProvider clock)
{
    /// <summary>The node's first process: what it has mounted is the node's.</summary>
    private const int First = 1;

    private const int MostExamples = 20;
    private const int MostProcesses = 16;

    /// <summary>Of a path that a tenant has chosen, so much is told.</summary>
    private const int LongestExample = 256;

    /// <summary>A scan that takes longer is broken off; the next one begins there.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Processes _processes = new(proc);
    private readonly HashSet<UInt128> _seen = [];
    private readonly HashSet<string> _skip = [.. request.Skip];
    private readonly Dictionary<string, List<ProcessFacts>> _members = [];
    private readonly List<ContainerFacts> _found = [];
    private readonly List<ForeignNamespace> _foreign = [];
    private readonly List<UnreadableNamespace> _unreadable = [];
    private readonly List<string> _tooLong = [];
    private int _foreignCount;
    private IReadOnlyList<string>? _nodeDevices;

    public void Run()
    {
        using var looks = new LookThreads<Sight>();
        var own = proc.OwnUserNamespace();
        var (started, used) = (clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var brokenOffAt = 0;
        foreach (var pid in Order([.. Processes.All()], request.From))
        {
            if (clock.GetElapsedTime(started) > Longest || looks.IsFull)
            {
                brokenOffAt = pid;
                break;
            }

            if (_processes.NamespaceOf(pid) is not { } place)
                continue;
            var name = Processes.Text(place.Link);
            if (_seen.Add(place.Link) && !_skip.Contains(name))
            {
                if (looks.Do(name, (roamer, text) => Look(pid, place.Task, name, own, roamer, text)) is { } sight)
                {
                    Note(sight);
                    // Another process of it may be there still.
                    if (sight.IsGone)
                        _seen.Remove(place.Link);
                }
                else
                {
                    _members[name] = [];
                    replies.Write(new(Begun: name));
                }
            }

            if (request.Details && _members.TryGetValue(name, out var members))
                Remember(members, pid);
        }

        foreach (var (pid, error) in _processes.Refused)
            Note(Unreadable(null, pid, error));
        while (looks.Finished(TimeSpan.Zero) is { } finished)
            End(finished);
        _found.ForEach(Tell);
        replies.Write(new(Summary: Summary()));
        // Whoever waits for these ends this process when he has waited long enough.
        while (looks.Finished(Timeout.InfiniteTimeSpan) is { } finished)
        {
            var before = _found.Count;
            End(finished);
            _found.Skip(before).ToList().ForEach(Tell);
            replies.Write(new(Summary: Summary()));
        }

        void End((string Name, Sight Sight) finished)
        {
            Note(finished.Sight);
            replies.Write(new(Outcome: new(finished.Name, 0)));
        }

        ScanSummary Summary() => new(
            _seen.Count,
            _foreignCount,
            _foreign,
            _nodeDevices,
            _unreadable,
            _tooLong,
            brokenOffAt == 0 && _processes.Failures == 0,
            brokenOffAt,
            (long)(Environment.CpuUsage.TotalTime - used).TotalMicroseconds);
    }

    /// <summary>The node's first process, then the others from where the scan before was broken off.</summary>
    public static IEnumerable<int> Order(IReadOnlyList<int> pids, int from) =>
        [First, .. pids.Where(pid => pid != First && pid >= from), .. pids.Where(pid => pid != First && pid < from)];

    /// <summary>On a thread that roams.</summary>
    /// <param name="text">A buffer of that thread's, to be replaced by a longer one where it has to be.</param>
    private Sight Look(int pid, string task, string name, string own, MountNamespace.Roamer roamer, byte[][] text)
    {
        try
        {
            using var mountNamespace = proc.TryOpenNamespace(task);
            if (mountNamespace is null)
                return new() { IsGone = true };
            if (proc.OwnerOf(mountNamespace) != own)
                return new() { Foreign = new(name, pid) };
            roamer.Enter(mountNamespace);
            var table = proc.MountTable(ref text[0], out var error);
            // A path that is looked at for the next process is the node's, and no container's.
            roamer.Return();
            return table.Length == 0 ? Unreadable(name, pid, error)
                : table.Length >= proc.LongestTable ? new() { TooLong = name }
                : Read(table, name, pid, task);
        }
        catch (Win32Exception exception)
        {
            return Unreadable(name, pid, exception.NativeErrorCode);
        }
    }

    private Sight Read(ReadOnlySpan<byte> text, string name, int pid, string task)
    {
        if (pid != First && !MountTable.MentionsLxcfs(text))
            return new();
        var table = MountTable.Parse(text);
        return new()
        {
            NodeDevices = pid == First ? [.. table.Whole.Select(mount => mount.Device).Distinct()] : null,
            Container = table.HasFiles || table.OtherTargets > 0 ? FactsOf(table, name, pid) : null,
            Task = task,
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

    private static Sight Unreadable(string? name, int pid, int error) =>
        new() { Unreadable = new(name, pid, Marshal.GetPInvokeErrorMessage(error), Libc.IsRefusal(error)) };

    private void Tell(ContainerFacts container) =>
        replies.Write(new(Container: request.Details ? container with { Processes = _members[container.Namespace] } : container));

    /// <summary>Of each kind some examples, and of what may be over at the next look as many beside what is refused.</summary>
    private void Note(Sight sight)
    {
        _nodeDevices = sight.NodeDevices ?? _nodeDevices;
        if (sight.Container is { } container)
        {
            _found.Add(request.Details ? container with { Cgroup = _processes.CgroupOf(sight.Task) } : container);
            _ = _members.TryAdd(container.Namespace, []);
        }

        if (sight.Foreign is { } foreign && ++_foreignCount <= MostExamples)
            _foreign.Add(foreign);
        if (sight.TooLong is { } name && _tooLong.Count < MostExamples)
            _tooLong.Add(name);
        if (sight.Unreadable is { } unreadable && _unreadable.Count(other => other.IsRefused == unreadable.IsRefused) < MostExamples)
            _unreadable.Add(unreadable);
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

    /// <summary>What a look at a namespace by one of its processes has shown; nothing where there is nothing of LXCFS.</summary>
    private sealed record Sight
    {
        /// <summary>Whether the process has ended before it was shown.</summary>
        public bool IsGone { get; init; }

        /// <summary>The folder of the process, or of a thread of it, below /proc.</summary>
        public string Task { get; init; } = "";

        public ContainerFacts? Container { get; init; }

        public ForeignNamespace? Foreign { get; init; }

        public UnreadableNamespace? Unreadable { get; init; }

        public string? TooLong { get; init; }

        /// <summary>Of the node's first process alone.</summary>
        public IReadOnlyList<string>? NodeDevices { get; init; }
    }
}
