namespace LxcfsAgent.Worker;

/// <summary>
/// Looks at each mount namespace of the node once, from inside: what a process in it has changed its own root to makes no difference. No
/// container runtime is asked, so it works with all of them. A namespace that holds a look up keeps no other from being looked at.
/// </summary>
/// <param name="memory">What scans before have shown.</param>
internal sealed class NodeScan(ProcFolder proc, ScanRequest request, ReplyWriter replies, TimeProvider clock, LookMemory memory)
{
    /// <summary>The node's first process: what it has mounted is the node's.</summary>
    public const int First = 1;

    /// <summary>To hand looks over to another thread takes as long as one of them.</summary>
    private const int AtOnce = 32;

    private const int MostExamples = 20;

    /// <summary>A scan that takes longer is broken off; the next one begins there.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Processes _processes = new(proc);
    private readonly ContainerProcesses _members = new();
    private readonly HashSet<UInt128> _seen = [];
    private readonly List<WaitingNamespace> _waiting = [];
    private readonly HashSet<string> _skip = [.. request.Skip];
    private readonly List<ContainerFacts> _found = [];
    private readonly List<ForeignNamespace> _foreign = [];
    private readonly List<UnreadableNamespace> _unreadable = [];
    private readonly List<string> _tooLong = [];
    private int _foreignCount;
    private IReadOnlyList<string>? _nodeDevices;

    public void Run()
    {
        using var looks = new LookThreads<Sight>();
        var look = new NamespaceLook(proc, request, memory);
        if (!request.Details)
            memory.Begin(request);
        var (started, used) = (clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var brokenOffAt = 0;
        foreach (var pid in Order([.. Processes.All()], request.From))
        {
            if (clock.GetElapsedTime(started) > Longest || looks.IsFull)
            {
                brokenOffAt = pid;
                break;
            }

            var link = Come(pid);
            if (_waiting.Count >= (request.Details ? 1 : AtOnce))
                LookAtWaiting(looks, look);
            if (request.Details && link != 0)
                _members.Remember(Processes.Text(link), pid, _processes);
        }

        while (_waiting.Count > 0 && !looks.IsFull)
            LookAtWaiting(looks, look);
        if (_waiting.Count > 0)
            brokenOffAt = _waiting[0].Pid;

        foreach (var (pid, error) in _processes.Refused)
            Note(Sight.OfUnreadable(null, pid, error));
        while (looks.Finished(TimeSpan.Zero) is { } finished)
            End(finished);
        replies.WriteAll(_found.Select(Told));
        replies.Write(new(Summary: Summary()));
        // Whoever waits for these ends this process when he has waited long enough.
        while (looks.Finished(Timeout.InfiniteTimeSpan) is { } finished)
        {
            var before = _found.Count;
            End(finished);
            replies.WriteAll(_found.Skip(before).Select(Told));
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

    /// <returns>The link of the namespace that the process is in; 0 where it is in none.</returns>
    private UInt128 Come(int pid)
    {
        if (_processes.NamespaceOf(pid) is not { } place)
            return 0;
        if (_seen.Add(place.Link))
        {
            if (Processes.Text(place.Link) is var name && !_skip.Contains(name))
                _waiting.Add(new(place.Link, name, pid, place.Task, []));
            return place.Link;
        }

        foreach (var waiting in _waiting)
        {
            if (waiting.Link == place.Link)
                waiting.Others.Add(pid);
        }

        return place.Link;
    }

    private void LookAtWaiting(LookThreads<Sight> looks, NamespaceLook look)
    {
        WaitingNamespace[] places = [.. _waiting];
        var sights = looks.Do(
            [.. places.Select(place => place.Name)],
            (index, roamer, text) => look.Take(places[index].Pid, places[index].Task, places[index].Name, roamer, text));
        _waiting.RemoveRange(0, sights.Count);
        foreach (var (place, sight) in places.Zip(sights))
        {
            if (sight is null)
            {
                _members.Add(place.Name);
                replies.Write(new(Begun: place.Name));
                continue;
            }

            Note(sight);
            if (!sight.IsGone)
                continue;
            // Another process of it may be there still.
            _seen.Remove(place.Link);
            place.Others.ForEach(pid => Come(pid));
        }
    }

    private WorkerReply Told(ContainerFacts container) =>
        new(Container: request.Details ? container with { Processes = _members.Of(container.Namespace) } : container);

    /// <summary>Of each kind some examples, and of what may be over at the next look as many beside what is refused.</summary>
    private void Note(Sight sight)
    {
        _nodeDevices = sight.NodeDevices ?? _nodeDevices;
        if (sight.Container is { } container)
        {
            _found.Add(request.Details ? container with { Cgroup = _processes.CgroupOf(sight.Task) } : container);
            _members.Add(container.Namespace);
        }

        if (sight.Foreign is { } foreign && ++_foreignCount <= MostExamples)
            _foreign.Add(foreign);
        if (sight.TooLong is { } name && _tooLong.Count < MostExamples)
            _tooLong.Add(name);
        if (sight.Unreadable is { } unreadable && _unreadable.Count(other => other.IsRefused == unreadable.IsRefused) < MostExamples)
            _unreadable.Add(unreadable);
    }
}
