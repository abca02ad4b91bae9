namespace LxcfsNode.Tests.Rig;

/// <summary>An LXCFS without an agent, as other projects leave it on a node.</summary>
internal sealed class SiblingLxcfs(Node node, string id) : DaemonContainer(node, id)
{
    public static async Task<SiblingLxcfs> StartAsync(Node node, string id = "sibling")
    {
        var sibling = new SiblingLxcfs(node, id);
        Directory.CreateDirectory(node.Root);
        var version = Node.IsCgroup2 ? "v2" : "v1";
        await sibling.RunAsync("lxcfs", [("LD_LIBRARY_PATH", $"/opt/lxcfs/{version}")],
            $"/opt/lxcfs/{version}/lxcfs", "-f", "--enable-cfs", "-l", "-p", "/run/lxcfs.pid", "/var/lib/lxc/lxcfs");
        var file = node.FromOutside($"{node.Root}/proc/meminfo");
        await Eventually.TrueAsync(() => File.Exists(file), () => $"LXCFS does not mount: {sibling.Log}");
        return sibling;
    }
}
