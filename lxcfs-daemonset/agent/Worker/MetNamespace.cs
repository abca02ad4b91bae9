namespace LxcfsAgent.Worker;

/// <summary>A mount namespace that a scan has come to, with some of the processes in it.</summary>
/// <param name="name">Its link, such as <c>mnt:[4026532391]</c>.</param>
internal sealed class MetNamespace(string name)
{
    /// <summary>A tenant may have started a million.</summary>
    private const int Most = 16;

    private readonly List<(int Pid, string Task)> _processes = [];
    private readonly List<ProcessFacts> _oldest = [];

    public string Name => name;

    /// <summary>The first ones that were come to, each with the folder below /proc of a task that lives.</summary>
    public IReadOnlyList<(int Pid, string Task)> Processes => _processes;

    /// <summary>Of those that were noted, the oldest ones, whatever their numbers: a container's first process is mostly the last to end.</summary>
    public IReadOnlyList<ProcessFacts> Oldest => _oldest;

    public void Add(int pid, string task)
    {
        if (_processes.Count < Most)
            _processes.Add((pid, task));
    }

    public void NoteAge(ProcessFacts process)
    {
        var place = _oldest.FindLastIndex(other => other.Started <= process.Started) + 1;
        if (place == Most)
            return;
        _oldest.Insert(place, process);
        if (_oldest.Count > Most)
            _oldest.RemoveAt(Most);
    }
}
