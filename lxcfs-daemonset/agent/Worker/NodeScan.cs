using System.Globalization;

namespace LxcfsAgent.Worker;

/// <summary>
/// Looks at each mount namespace of the node, from inside: what a process in it has changed its own root to makes no difference. No
/// container runtime is asked, so it works with all of them. A namespace that holds a look up keeps no other from being looked at.
/// </summary>
/// <param name="memory">What scans before have shown.</param>
/// <param name="all">The node's processes, each time that it is asked; by default those that the kernel lists.</param>
internal sealed class NodeScan(
    ProcFolder proc, ScanRequest request, ReplyWriter replies, TimeProvider clock, LookMemory memory, Func<IEnumerable<int>>? all = null)
{
    /// <summary>The node's first process: what it has mounted is the node's.</summary>
    public const int First = 1;

    private const int MostExamples = 20;

    /// <summary>A scan that takes longer is broken off; the next one begins there.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The rest is for looks at what was found until then.</summary>
    private static readonly TimeSpan LongestWalk = Longest / 2;

    private readonly long _started = clock.GetTimestamp();
    private readonly Func<IEnumerable<int>> _all = all ?? Processes.All;
    private readonly Processes _processes = new(proc);
    private readonly NamespaceLook _look = new(proc, request, memory);
    private readonly Dictionary<UInt128, MetNamespace> _met = [];
    private readonly List<ContainerFacts> _found = [];
    private readonly List<ForeignNamespace> _foreign = [];
    private readonly List<UnreadableNamespace> _unreadable = [];
    private readonly List<string> _tooLong = [];
    private int _foreignCount;
    private int _served;
    private int _brokenOffAt;
    private bool _isMissed;
    private IReadOnlyList<string>? _nodeDevices;

    public void Run()
    {
        var used = Environment.CpuUsage.TotalTime;
        using var looks = new LookThreads<Sight>();
        if (!request.Details)
            memory.Begin(request);
        var met = Walk();
        var skip = request.Skip.Select(Processes.Number).ToHashSet();
        // Whatever it holds up: by the node's own mounts it is told whose an LXCFS is.
        var gone = Look(looks, [.. met.Where(place => place.Pid == First || !skip.Contains(place.Link))]);
        if (gone.Count > 0 && _brokenOffAt == 0)
            LookAgain(looks, gone);

        foreach (var (pid, error) in _processes.Refused)
            Note(Sight.OfUnreadable(null, pid, error));
        while (looks.Finished(TimeSpan.Zero) is { } finished)
            replies.Write(End(finished));
        replies.WriteAll(_found.Select(container => new WorkerReply(Container: container)));
        replies.Write(new(Summary: Summary()));
        // Whoever waits for these ends this process when he has waited long enough.
        while (looks.Finished(Timeout.InfiniteTimeSpan) is { } finished)
        {
            var before = _found.Count;
            var outcome = End(finished);
            // Together: who is told to have ended and is not told of would be taken for absent.
            replies.WriteAll([.. _found.Skip(before).Select(container => new WorkerReply(Container: container)), new(Summary: Summary()), outcome]);
        }

        WorkerReply End((string Name, Sight Sight) finished)
        {
            // By another process it may be there still.
            _isMissed |= finished.Sight.IsGone;
            Note(finished.Sight);
            return new(Outcome: new(finished.Name, 0));
        }

        ScanSummary Summary() => new(
            _met.Count,
            _foreignCount,
            _foreign,
            _nodeDevices,
            _unreadable,
            _tooLong,
            _brokenOffAt == 0 && _processes.Failures == 0 && !_isMissed,
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
        List<MetNamespace> met = [];
        foreach (var pid in Order([.. _all()], request.From))
        {
            if (clock.GetElapsedTime(_started) > LongestWalk)
            {
                _brokenOffAt = pid;
                break;
            }

            if (_processes.NamespaceOf(pid) is not (var task, var link))
                continue;
            if (!_met.TryGetValue(link, out var place))
            {
                place = new(link, pid, task);
                _met.Add(link, place);
                met.Add(place);
            }
            else
            {
                place.Note(pid);
            }

            if (request.Details && _processes.StatOf(pid.ToString(CultureInfo.InvariantCulture)) is { Started: > 0 } stat)
                place.NoteAge(new(pid, stat.Started));
        }

        return met;
    }

    /// <returns>Those whose process has ended since.</returns>
    private Dictionary<UInt128, MetNamespace> Look(LookThreads<Sight> looks, List<MetNamespace> places)
    {
        string[] names = [.. places.Select(place => place.Name)];
        var sights = looks.Do(
            names, (index, roamer, text) => _look.Take(places[index].Pid, places[index].Task, names[index], roamer, text), IsOver, HoldsUp);
        if (sights.Count < places.Count)
            _brokenOffAt = places[sights.Count].Pid;
        Dictionary<UInt128, MetNamespace> gone = [];
        foreach (var (place, sight) in places.Zip(sights))
        {
            if (sight?.IsGone == true)
                gone.Add(place.Link, place);
            else if (sight is not null)
                Note(sight);
        }

        return gone;
    }

    /// <summary>
    /// Others may be there still, of one that starts many and of one whose process's number is another's by now. Each is looked at as it is
    /// come to: the shortest time for it to end.
    /// </summary>
    private void LookAgain(LookThreads<Sight> looks, Dictionary<UInt128, MetNamespace> gone)
    {
        foreach (var pid in _all())
        {
            if (gone.Count == 0)
                return;
            if (IsOver())
            {
                _brokenOffAt = pid;
                return;
            }

            if (_processes.NamespaceOf(pid) is not (var task, var link) || !gone.TryGetValue(link, out var place))
                continue;
            var name = place.Name;
            if (looks.Do([name], (_, roamer, text) => _look.Take(pid, task, name, roamer, text), IsOver, HoldsUp) is not [var sight])
            {
                _brokenOffAt = pid;
                return;
            }

            if (sight?.IsGone == true)
                continue;
            gone.Remove(link);
            if (sight is not null)
                Note(sight);
        }

        foreach (var link in gone.Keys)
            _met.Remove(link);
    }

    private bool IsOver() => clock.GetElapsedTime(_started) > Longest;

    private void HoldsUp(string name) => replies.Write(new(Begun: name));

    /// <summary>Of each kind some examples, and of what may be over at the next look as many beside what is refused.</summary>
    private void Note(Sight sight)
    {
        _nodeDevices = sight.NodeDevices ?? _nodeDevices;
        if (sight.Container is { IsServed: true } && !request.Details)
            _served++;
        else if (sight.Container is { } container)
            _found.Add(container with { Processes = _met[Processes.Number(container.Namespace)].FactsBy(_processes) });
        if (sight.Foreign is { } foreign && ++_foreignCount <= MostExamples)
            _foreign.Add(foreign);
        if (sight.TooLong is { } name && _tooLong.Count < MostExamples)
            _tooLong.Add(name);
        if (sight.Unreadable is { } unreadable && _unreadable.Count(other => other.IsRefused == unreadable.IsRefused) < MostExamples)
            _unreadable.Add(unreadable);
    }
}
