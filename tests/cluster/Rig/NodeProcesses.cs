using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>The processes of a cluster's node, by the ids that they have on this machine.</summary>
internal sealed class NodeProcesses(string cluster)
{
    private const string AgentFile = "/usr/bin/lxcfs-agent", LxcfsFolder = "/opt/lxcfs/";

    /// <summary>The node's own first process: its end is the node's.</summary>
    public int? Init => All.Where(pid => Name(pid) == "tini-static" && Text(pid, "cmdline").Contains("/node.sh", StringComparison.Ordinal)
        && Text(pid, "environ").Split('\0').Contains($"CLUSTER={cluster}")).Select(pid => (int?)pid).FirstOrDefault();

    public IReadOnlyList<int> Lxcfs => [.. OfNode.Where(pid => Link(pid, "exe")?.StartsWith(LxcfsFolder, StringComparison.Ordinal) == true)];

    /// <summary>The first processes of the agents' containers.</summary>
    public IReadOnlyList<int> AgentInits => [.. Agents.Where(pid => Link(Parent(pid), "exe") != AgentFile)];

    /// <summary>The processes that decide: children of the first ones, or those themselves where they are all there is.</summary>
    public IReadOnlyList<int> Deciding => [.. AgentInits.Select(init => Agents.Where(pid => Parent(pid) == init).DefaultIfEmpty(init).First())];

    /// <summary>What of LXCFS is mounted where the node's own processes see it, by target.</summary>
    public IReadOnlyList<string> LxcfsMounts => Init is not { } init ? [] :
        [.. Lines(init, "mountinfo").Where(line => line.Contains(" - fuse.lxcfs ", StringComparison.Ordinal)).Select(line => line.Split(' ')[4])];

    private IEnumerable<int> Agents => OfNode.Where(pid => Link(pid, "exe") == AgentFile && !IsCommand(pid));

    private IEnumerable<int> OfNode => Init is { } init && Link(init, "ns/pid") is { } space ? All.Where(pid => Link(pid, "ns/pid") == space) : [];

    private static IEnumerable<int> All => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0).Where(pid => pid != 0);

    public int? Running(string name) => OfNode.Where(pid => Name(pid) == name).Select(pid => (int?)pid).FirstOrDefault();

    public static void Kill(int pid) => Libc.Signal(pid, Libc.SigKill);

    /// <summary>Kills the only one there is, and waits until another one has taken its place.</summary>
    public static async Task ReplaceAsync(Func<IReadOnlyList<int>> victims)
    {
        var killed = Assert.Single(victims());
        Kill(killed);
        await Eventually.NullAsync(() => victims() is [var next] && next != killed ? null : "nobody takes its place");
    }

    /// <summary>It does nothing until it is continued.</summary>
    public static void Stop(int pid) => Libc.Signal(pid, Libc.SigStop);

    public static void Continue(int pid) => Libc.Signal(pid, Libc.SigCont);

    /// <summary>A path of the node, as the tests can open it.</summary>
    public string FromOutside(string path) => $"/proc/{Init}/root{path}";

    /// <summary>A probe, or what somebody runs by exec.</summary>
    private static bool IsCommand(int pid) =>
        Text(pid, "cmdline").Split('\0').ElementAtOrDefault(1) is "health" or "status" or "repair" or "cleanup";

    private static int Parent(int pid) => int.TryParse(Status(pid, "PPid"), CultureInfo.InvariantCulture, out var parent) ? parent : 0;

    private static string? Name(int pid) => Status(pid, "Name");

    private static string? Status(int pid, string field) =>
        Lines(pid, "status").FirstOrDefault(line => line.StartsWith($"{field}:\t", StringComparison.Ordinal))?[(field.Length + 2)..];

    private static string? Link(int pid, string name)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/{name}").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Lines(int pid, string file) => Text(pid, file).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
