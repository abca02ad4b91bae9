using System.Globalization;

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

    private const int MostExamples = 20;

    /// <summary>A scan that takes longer is broken off; the next one begins there.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The rest is for looks at what was found until then.</summary>
    private static readonly TimeSpan LongestWalk = Longest / 2;

    private readonly long _started = clock.GetTimestamp();
    private readonly Processes _processes = new(proc);
    private Dictionary<string, MetNamespace> _met = [];
    private readonly List<ContainerFacts> _found = [];
    private readonly List<ForeignNamespace> _foreign = [];
    private readonly List<UnreadableNamespace> _unreadable = [];
    private readonly List<string> _tooLong = [];
    private int _foreignCount;
    private int _served;
    private int _brokenOffAt;
    private IReadOnlyList<string>? _nodeDevices;


    public void Run()
    {
        var used = Environment.CpuUsage.TotalTime;
        using var looks = new LookThreads<Sight>();
        if (!request.Details)
            memory.Begin(request);
        var met = Walk();
        _met = met.ToDictionary(place => place.Name);
        var skip = request.Skip.ToHashSet();
        Look(looks, new(proc, request, memory), [.. met.Where(place => !skip.Contains(place.Name))]);

        foreach (var (pid, error) in _processes.Refused)
            Note(Sight.OfUnreadable(null, pid, error));
        while (looks.Finished(TimeSpan.Zero) is { } finished)
            End(finished);
        replies.WriteAll(_found.Select(container => new WorkerReply(Container: container)));
        replies.Write(new(Summary: Summary()));
        // Whoever waits for these ends this process when he has waited long enough.
        while (looks.Finished(Timeout.InfiniteTimeSpan) is { } finished)
        {
            var before = _found.Count;
            End(finished);
            replies.WriteAll([.. _found.Skip(before).Select(container => new WorkerReply(Container: container)), new(Summary: Summary())]);
        }

        void End((string Name, Sight Sight) finished)
        {
            Note(finished.Sight);
            replies.Write(new(Outcome: new(finished.Name, 0)));
        }

        ScanSummary Summary() => new(
            _met.Count,
            _foreignCount,
            _foreign,
            _nodeDevices,
            _unreadable,
            _tooLong,
            _brokenOffAt == 0 && _processes.Failures == 0,
            _brokenOffAt,
            (long)(Environment.CpuUsage.TotalTime - used).TotalMicroseconds,
            _served);
    }

    /// <summary>The node's first process, then the others from where the scan before was broken off.</summary>
    public static IEnumerable<int> Order(IReadOnlyList<int> pids, int from) =>
        [First, .. pids.Where(pid => pid != First && pid >= from), .. pids.Where(pid => pid != First && pid < from)];

    /// <returns>The namespaces, in the order of their processes.</returns>
    private List<MetNamespace> Walk()
    {
        var known = new Dictionary<UInt128, MetNamespace>();
        List<MetNamespace> met = [];
        foreach (var pid in Order([.. Processes.All()], request.From))
        {
            if (clock.GetElapsedTime(_started) > LongestWalk)
            {
                _brokenOffAt = pid;
                break;
            }

            if (_processes.NamespaceOf(pid) is not (var task, var link))
                continue;
            if (!known.TryGetValue(link, out var place))
            {
                place = new(Processes.Text(link));
                known.Add(link, place);
                met.Add(place);
            }

            place.Add(pid, task);
            if (request.Details && _processes.StatOf(pid.ToString(CultureInfo.InvariantCulture)) is { Started: > 0 } stat)
                place.NoteAge(new(pid, stat.Started));
        }

        return met;
    }

    private void Look(LookThreads<Sight> looks, NamespaceLook look, IReadOnlyList<MetNamespace> places)
    {
        // Where a process has ended since, another one of its namespace may be there still.
        for (var turn = 0; places.Count > 0; turn++)
        {
            var (now, each) = (places, turn);
            var sights = looks.Do([.. now.Select(place => place.Name)], Take, () => clock.GetElapsedTime(_started) > Longest);
            if (sights.Count < now.Count)
                _brokenOffAt = now[sights.Count].Processes[0].Pid;
            replies.WriteAll(now.Zip(sights).Where(pair => pair.Second is null).Select(pair => new WorkerReply(Begun: pair.First.Name)));
            foreach (var sight in sights.OfType<Sight>())
                Note(sight);
            var gone = now.Zip(sights).Where(pair => pair.Second?.IsGone == true).Select(pair => pair.First).ToList();
            places = [.. gone.Where(place => place.Processes.Count > each + 1)];
            foreach (var place in gone.Except(places))
                _met.Remove(place.Name);

            Sight Take(int index, Native.MountNamespace.Roamer roamer, byte[][] text) =>
                look.Take(now[index].Processes[each].Pid, now[index].Processes[each].Task, now[index].Name, roamer, text);
        }
    }

    /// <summary>Of each kind some examples, and of what may be over at the next look as many beside what is refused.</summary>
    private void Note(Sight sight)
    {
        _nodeDevices = sight.NodeDevices ?? _nodeDevices;
        if (sight.Container is { IsServed: true } && !request.Details)
            _served++;
        else if (sight.Container is { } container)
            _found.Add(request.Details ? container with { Processes = _met[container.Namespace].Oldest, Cgroup = _processes.CgroupOf(sight.Task) } : container);
        if (sight.Foreign is { } foreign && ++_foreignCount <= MostExamples)
            _foreign.Add(foreign);
        if (sight.TooLong is { } name && _tooLong.Count < MostExamples)
            _tooLong.Add(name);
        if (sight.Unreadable is { } unreadable && _unreadable.Count(other => other.IsRefused == unreadable.IsRefused) < MostExamples)
            _unreadable.Add(unreadable);
    }
}
