namespace LxcfsAgent.Plan;

/// <summary>
/// The device numbers of LXCFS that this agent has seen at ROOT or below the agents' folder. Whoever has one of them has one of ours,
/// dead or not, until nobody has it: then the kernel gives the number to the next file system, which may be anybody's.
/// </summary>
internal sealed class KnownDevices
{
    /// <summary>As many as an agent may start in days of crashes.</summary>
    private const int Most = 10_000;

    private readonly HashSet<string> _devices = [];

    public IReadOnlyCollection<string> All => [.. _devices];

    public void Note(NodeSnapshot node)
    {
        foreach (var mount in OnNode(node).Where(_ => _devices.Count < Most))
            _devices.Add(mount.Device);
    }

    /// <summary>After a look that shows whoever has a number.</summary>
    public void Forget(NodeSnapshot node)
    {
        if (node.Scan is not { ShowsAll: true, Skipped: 0, Summary.TooLong.Count: 0 } scan)
            return;
        var files = scan.Containers.SelectMany(container => container.Files ?? []);
        _devices.IntersectWith(
            [.. OnNode(node).Select(mount => mount.Device), .. files.Select(file => file.Device), .. files.SelectMany(file => file.Below ?? []).Select(below => below.Device)]);
    }

    private static IEnumerable<NodeMount> OnNode(NodeSnapshot node) => node.AtRoot.Concat(node.AtMountPoints).Where(mount => mount.IsLxcfs);
}
