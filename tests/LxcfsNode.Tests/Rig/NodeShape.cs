using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>What the node has, and since when it runs.</summary>
internal sealed record NodeShape(int Cpus, long Kilobytes, DateTime Boot)
{
    public static async Task<NodeShape> OfAsync(Node node)
    {
        var meminfo = await node.RunAsync("grep", "MemTotal", "/proc/meminfo");
        var uptime = double.Parse((await node.RunAsync("cat", "/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
        return new(
            int.Parse(await node.RunAsync("nproc"), CultureInfo.InvariantCulture),
            long.Parse(meminfo.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture),
            DateTime.UtcNow.AddSeconds(-uptime));
    }
}
