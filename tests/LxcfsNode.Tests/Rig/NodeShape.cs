using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>What the node has, and since when it runs.</summary>
internal sealed record NodeShape(int Cpus, long Kilobytes, long SwapKilobytes, DateTime Boot)
{
    public static async Task<NodeShape> OfAsync(Node node)
    {
        var meminfo = await node.RunAsync("cat", "/proc/meminfo");
        var uptime = double.Parse((await node.RunAsync("cat", "/proc/uptime")).Split(' ')[0], CultureInfo.InvariantCulture);
        return new(
            int.Parse(await node.RunAsync("nproc"), CultureInfo.InvariantCulture),
            Kilobytes("MemTotal:"),
            Kilobytes("SwapTotal:"),
            DateTime.UtcNow.AddSeconds(-uptime));

        long Kilobytes(string field) => long.Parse(
            meminfo.Split('\n').Single(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..^2].Trim(), CultureInfo.InvariantCulture);
    }
}
