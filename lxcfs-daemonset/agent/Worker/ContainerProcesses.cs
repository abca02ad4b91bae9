using System.Globalization;

namespace LxcfsAgent.Worker;

/// <summary>The oldest processes of each container, whatever their numbers: its first one is mostly the last to end.</summary>
internal sealed class ContainerProcesses
{
    private const int Most = 16;

    private readonly Dictionary<string, List<ProcessFacts>> _members = [];

    /// <summary>From now on the processes of this mount namespace are of interest.</summary>
    public void Add(string name) => _ = _members.TryAdd(name, []);

    public IReadOnlyList<ProcessFacts> Of(string name) => _members[name];

    public void Remember(string name, int pid, Processes processes)
    {
        if (!_members.TryGetValue(name, out var members))
            return;
        var started = processes.StatOf(pid.ToString(CultureInfo.InvariantCulture)).Started;
        if (started == 0)
            return;
        var place = members.FindLastIndex(member => member.Started <= started) + 1;
        if (place == Most)
            return;
        members.Insert(place, new(pid, started));
        if (members.Count > Most)
            members.RemoveAt(Most);
    }
}
