using System.Globalization;

namespace LxcfsAgent.Worker;

/// <summary>
/// Looks at each mount namespace of the node once, from inside: what a process in it has changed its own root to makes no difference. No
/// container runtime is asked, so it works with all of them. A namespace that holds a look up keeps no other from being looked at.
/// </summary>
internal sealed class NodeScan(ProcFolder proc, ScanRequest request, ReplyWriter replies, TimeProvider clock)
{
    /// <summary>The node's first process: what it has mounted is the node's.</summary>
    public const int First = 1;

    private const int MostExamples = 20;
    private const int MostProcesses = 16;

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
        var look = new NamespaceLook(proc, request);
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
                if (looks.Do(name, (roamer, text) => look.Take(pid, place.Task, name, roamer, text)) is { } sight)
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
            Note(Sight.OfUnreadable(null, pid, error));
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
}
