using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>What could be left on a node: every line is one thing.</summary>
internal sealed record NodeState(IReadOnlyList<string> Mounts, IReadOnlyList<string> Running, IReadOnlyList<string> Cgroups)
{
    public bool IsEmpty => Mounts.Count + Running.Count + Cgroups.Count == 0;

    public static NodeState Of(Node node) => new(Mount.Table(node.Pid), [.. RunningOn(node)], [.. CgroupsOf(node)]);

    /// <summary>What is here and was not there.</summary>
    public NodeState Since(NodeState before) =>
        new(Added(before.Mounts, Mounts), Added(before.Running, Running), Added(before.Cgroups, Cgroups));

    private static List<string> Added(IEnumerable<string> before, IEnumerable<string> now)
    {
        var added = now.ToList();
        foreach (var item in before)
            added.Remove(item);
        return added;
    }

    /// <summary>Those that have ended and that nobody has waited for are among them.</summary>
    private static IEnumerable<string> RunningOn(Node node)
    {
        var space = Processes.Link(node.Pid, "ns/pid");
        return Processes.All.Where(pid => Processes.Link(pid, "ns/pid") == space).Select(pid => Processes.Status(pid, "Name")).OfType<string>();
    }

    /// <summary>Those below the node's own that hold containers; runtimes make the ones above and leave them.</summary>
    private static IEnumerable<string> CgroupsOf(Node node) => (Node.IsCgroup2 ? ["/sys/fs/cgroup"] : Directory.GetDirectories("/sys/fs/cgroup"))
        .Select(hierarchy => Path.Combine(hierarchy, node.Name)).Where(Directory.Exists)
        .SelectMany(own => Directory.EnumerateDirectories(own, "*", SearchOption.AllDirectories))
        .Where(cgroup => Path.GetFileName(cgroup) != "kubepods");
}
