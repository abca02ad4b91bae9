namespace LxcfsNode.Tests.Rig;

/// <summary>An LXCFS without an agent, as other projects leave it on a node.</summary>
internal sealed class SiblingLxcfs(Node node, string id) : DaemonContainer(node, id)
{
    /// <param name="name">The folder beside ROOT where it is mounted; as ROOT, it is mounted over whatever is there.</param>
    public static async Task<SiblingLxcfs> StartAsync(Node node, string id = "sibling", string name = "lxcfs")
    {
        var sibling = new SiblingLxcfs(node, id);
        var folder = Path.Combine(node.Parent, name);
        Directory.CreateDirectory(folder);
        var before = Count();
        var version = Node.IsCgroup2 ? "v2" : "v1";
        await sibling.RunAsync("lxcfs", [("LD_LIBRARY_PATH", $"/opt/lxcfs/{version}")],
            $"/opt/lxcfs/{version}/lxcfs", "-f", "--enable-cfs", "-l", "-p", "/run/lxcfs.pid", $"/var/lib/lxc/{name}");
        await Eventually.TrueAsync(() => Count() > before, () => $"LXCFS does not mount: {sibling.Log}");
        return sibling;

        int Count() => Mount.Of(node.Pid).Count(mount => mount.Target == folder && mount.IsLxcfs);
    }
}
