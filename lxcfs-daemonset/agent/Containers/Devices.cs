namespace LxcfsAgent.Containers;

/// <summary>
/// Which file systems of type fuse.lxcfs are whose, by their device numbers, as of this moment: once nothing holds a file
/// system any more its number goes to the next one, so nothing here outlives a pass.
/// </summary>
/// <param name="live">What containers should have; null where none is served.</param>
/// <param name="ours">Those of this node's agents, of any generation, working or not: what has another than the live one is moved.</param>
internal sealed class Devices(string? live, IReadOnlySet<string> ours)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, bool> _answering = [];

    /// <summary>
    /// Every file of LXCFS in a container, and how it fared when the container was found. Must not be asked by a thread that is
    /// in another namespace.
    /// </summary>
    public IReadOnlyList<ViewedFile> FilesOf(Container container) => View.Of(container.Seen, mount => Judge(container, mount));

    /// <summary>The files that fare in one of these ways, by container.</summary>
    public List<Finding> Find(IEnumerable<Container> containers, params FileState[] states) =>
    [
        .. containers
            .Select(container => new Finding(container, [.. FilesOf(container).Where(file => states.Contains(file.State))]))
            .Where(finding => finding.Files.Count > 0),
    ];

    private FileState Judge(Container container, MountEntry mount) =>
        mount.Device == live ? FileState.Healthy
        : ours.Contains(mount.Device) || !Answers(container, mount) ? FileState.Stale
        : FileState.Foreign;

    /// <summary>
    /// Whether the LXCFS of somebody else serves. A hung one counts as serving: it is not the agent's to judge.
    /// </summary>
    private bool Answers(Container container, MountEntry mount)
    {
        if (!_answering.TryGetValue(mount.Device, out var answers))
            _answering[mount.Device] = answers = FuseRead.Try($"/proc/{container.Pid}/root{mount.Target}", Patience) != FuseAnswer.Fault;
        return answers;
    }
}
