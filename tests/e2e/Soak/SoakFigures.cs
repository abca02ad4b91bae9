namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>An event, how often it was, and how long something was broken by it, in seconds.</summary>
internal sealed record EventFigures(string Name, int Times, double? MedianBroken, double? LongestBroken)
{
    public static EventFigures Of(IGrouping<string, Happened> events)
    {
        var broken = events.Select(item => item.Broken?.TotalSeconds).Order().ToArray();
        return new(events.Key, broken.Length, broken[broken.Length / 2], broken[^1]);
    }
}

/// <summary>What the containers that have ended read.</summary>
internal sealed record ReadFigures
{
    public int Containers { get; init; }

    public ulong Reads { get; init; }

    /// <summary>Reads that came to an end without an error, and told anything but the container's own limits.</summary>
    public ulong Wrong { get; init; }

    /// <summary>Reads that ended with an error: LXCFS was dead, and the container not yet on the next one.</summary>
    public ulong Failed { get; init; }

    /// <summary>Those of the failed ones that ended without an error and without a byte, by a fault of LXCFS's own.</summary>
    public ulong Empty { get; init; }

    /// <summary>In seconds, between two rounds of reading that were good, of any container.</summary>
    public double LongestBroken { get; init; }

    public IReadOnlyList<string> WrongValues { get; init; } = [];

    public ReadFigures With(Reader reader) => new()
    {
        Containers = Containers + 1,
        Reads = Reads + reader.Report.Reads,
        Wrong = Wrong + reader.Report.Wrong,
        Failed = Failed + reader.Report.Failures,
        Empty = Empty + reader.Report.Empty,
        LongestBroken = Math.Max(LongestBroken, reader.Report.LongestBroken.TotalSeconds),
        WrongValues = reader.Report.Wrong == 0 ? WrongValues : [.. WrongValues, $"{reader.Container.Id}: {reader.Report}".ReplaceLineEndings(" ")],
    };
}

/// <summary>What the API server stored.</summary>
/// <param name="Unmutated">Those that were left as they are though the functions were up, with the time and what may be the reason.</param>
internal sealed record AdmissionFigures(int WhileUp, IReadOnlyList<string> Unmutated, int WhileDown, int UnmutatedWhileDown);

/// <param name="Refused">How often one that was to start had to wait for LXCFS.</param>
/// <param name="LongestWait">From the first try of a start to its end, in seconds.</param>
internal sealed record StartFigures(int Refused, double LongestWait);

/// <summary>How much the processes of a part grew while they lived; memory is anonymous, in MiB.</summary>
/// <param name="Judged">Those that lived long enough to tell growth from what they do at the moment.</param>
internal sealed record LifeFigures(string Part, int Lives, int Judged, int Descriptors, int DescriptorsGrown, double Mebibytes, double MebibytesGrown);

/// <param name="Pods">How many the DaemonSet has had, one after the other.</param>
/// <param name="StateFiles">Files and folders that the agents kept on the node at the end, before they were removed.</param>
internal sealed record AgentFigures(int Pods, int StateFiles);
