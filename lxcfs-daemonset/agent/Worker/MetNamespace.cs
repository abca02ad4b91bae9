using System.Globalization;

namespace LxcfsAgent.Worker;

/// <summary>A mount namespace that a scan has come to. There may be a hundred thousand, so each is small.</summary>
/// <param name="link">Its link, as a number.</param>
/// <param name="pid">The process that it was come to by.</param>
/// <param name="task">The folder below /proc of that process's task that lives.</param>
internal sealed class MetNamespace(UInt128 link, int pid, string task)
{
    /// <summary>A tenant may have started a million.</summary>
    private const int Most = 16;

    /// <summary>So many beside the first: any of a container's processes may end.</summary>
    private const int MostOthers = 7;

    private readonly string? _thread = task == pid.ToString(CultureInfo.InvariantCulture) ? null : task;
    private List<ProcessFacts>? _oldest;
    private int[]? _others;
    private int _otherCount;

    public UInt128 Link => link;

    public int Pid => pid;

    public string Task => _thread ?? pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Its link, such as <c>mnt:[4026532391]</c>.</summary>
    public string Name => Processes.Text(link);

    /// <summary>Of those that were noted, the oldest ones, whatever their numbers: a container's first process is mostly the last to end.</summary>
    public IReadOnlyList<ProcessFacts> Oldest => _oldest ?? [];

    /// <summary>
    /// The oldest ones, where their ages were noted; else those that were met first and live: with their starts, which tell a container on record
    /// from a later one of the same number.
    /// </summary>
    public IReadOnlyList<ProcessFacts> FactsBy(Processes processes) =>
        _oldest ??
        [
            .. (_others ?? []).Take(_otherCount).Prepend(pid)
                .Select(met => new ProcessFacts(met, processes.StatOf(met.ToString(CultureInfo.InvariantCulture)).Started))
                .Where(process => process.Started > 0),
        ];

    /// <summary>Notes another process that is in it.</summary>
    public void Note(int other)
    {
        if (_otherCount < MostOthers)
            (_others ??= new int[MostOthers])[_otherCount++] = other;
    }

    public void NoteAge(ProcessFacts process)
    {
        _oldest ??= [];
        var place = _oldest.FindLastIndex(other => other.Started <= process.Started) + 1;
        if (place == Most)
            return;
        _oldest.Insert(place, process);
        if (_oldest.Count > Most)
            _oldest.RemoveAt(Most);
    }
}
