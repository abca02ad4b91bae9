using System.Globalization;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>A container of whoever rents a place on the node: it has the nine files, and runs a command of lxcfs-tenant.</summary>
internal sealed class TenantContainer(Node node, string id) : Container(node, id)
{
    /// <summary>Lives until it is killed.</summary>
    public static readonly string[] Hold = ["hold"];

    /// <param name="lxcfs">Whose files are mounted over /proc and /sys.</param>
    /// <param name="options">More options of ctr run.</param>
    public static async Task<TenantContainer> StartAsync(LxcfsContainer lxcfs, string id, string[] command, params string[] options)
    {
        var tenant = new TenantContainer(lxcfs.Node, id);
        await tenant.StartAsync("lxcfs-tenant", [.. Files(lxcfs), .. options], ["/lxcfs-tenant", .. command]);
        return tenant;
    }

    /// <summary>In a control group of its own choice, with no limits but those of the options.</summary>
    public static async Task<TenantContainer> StartInAsync(
        IReadOnlyList<LxcfsContainer> beside, string id, string cgroup, string[] command, params string[] options)
    {
        var tenant = new TenantContainer(beside[0].Node, id);
        await tenant.StartAsync(cgroup, "lxcfs-tenant", [.. beside.SelectMany(Trees), .. options], ["/lxcfs-tenant", .. command]);
        return tenant;
    }

    /// <summary>The whole tree of an LXCFS, as /lxcfs-ours or what it is called, for comparisons.</summary>
    public static IEnumerable<string> Trees(LxcfsContainer lxcfs) =>
        ["--mount", $"type=bind,src={lxcfs.MountPoint},dst=/{lxcfs.Id},options=rbind:rprivate:ro"];

    public Task<string> TenantAsync(params string[] command) => ExecAsync(["/lxcfs-tenant", .. command]);

    /// <summary>What a command printed as NAME=NUMBER, by name.</summary>
    public static IReadOnlyDictionary<string, double> Numbers(string printed) => printed
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('=', 2)).Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));

    /// <summary>What its first process has printed, as soon as that is a whole line.</summary>
    public async Task<string> PrintedAsync()
    {
        await Eventually.TrueAsync(() => Log.Contains('\n', StringComparison.Ordinal), () => $"{Id} prints nothing: {Log}");
        return Log;
    }

    private static IEnumerable<string> Files(LxcfsContainer lxcfs) => LxcfsFile.All.SelectMany(file =>
        new[] { "--mount", $"type=bind,src={lxcfs.MountPoint}{file.Path},dst={file.Path},options=rbind:rprivate:ro" });
}
