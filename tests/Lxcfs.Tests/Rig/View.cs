using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>What one LXCFS shows to the processes of a control group: the texts of its files, by their paths.</summary>
internal sealed record View(IReadOnlyDictionary<string, string> Files)
{
    private static readonly string[] StillFields = ["MemTotal", "SwapTotal", "SwapFree"];

    public string this[string path] => Files[path];

    public int Processors => Lines("/proc/cpuinfo", "processor").Count();

    public int StatProcessors => Lines("/proc/stat", "cpu").Count(line => char.IsAsciiDigit(line[3]));

    /// <summary>User and system time of all processors, in seconds.</summary>
    public double UsedSeconds => Lines("/proc/stat", "cpu ").Single().Split(' ', StringSplitOptions.RemoveEmptyEntries) is var fields
        ? (Number(fields[1]) + Number(fields[3])) / 100.0 : 0;

    public double Uptime => double.Parse(Files["/proc/uptime"].Split(' ')[0], CultureInfo.InvariantCulture);

    public double Idle => double.Parse(Files["/proc/uptime"].Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>A field of meminfo, in KiB.</summary>
    public long Memory(string field) => Number(Lines("/proc/meminfo", $"{field}:").Single()[(field.Length + 1)..^2].Trim());

    /// <summary>A file without the numbers that change from one read to the next.</summary>
    public string Still(string path) => string.Join('\n', Files[path].Split('\n').Where(line => !line.StartsWith("cpu MHz", StringComparison.Ordinal)).Select(line => path switch
    {
        "/proc/meminfo" when !StillFields.Contains(line.Split(':')[0]) => line.Split(':')[0],
        "/proc/slabinfo" => line.Split(' ')[0],
        _ => line,
    }));

    /// <summary>Has a process of a pid namespace of its own, in a control group of that shape, run a command of lxcfs-tenant that prints.</summary>
    public static async Task<IReadOnlyDictionary<Build, View>> OfAsync(
        IReadOnlyList<LxcfsContainer> all, Shape shape, string name, params string[] command)
    {
        var texts = await PrintedAsync(all, shape, name, command);
        return all.ToDictionary(lxcfs => lxcfs.Build, lxcfs => Of(lxcfs, texts));
    }

    /// <summary>One LXCFS's of all that was printed.</summary>
    public static View Of(LxcfsContainer lxcfs, IReadOnlyDictionary<string, string> texts) => new(texts
        .Where(text => text.Key.StartsWith(lxcfs.MountPoint + '/', StringComparison.Ordinal))
        .ToDictionary(text => text.Key[lxcfs.MountPoint.Length..], text => text.Value));

    /// <summary>The same, as all that it prints: texts by the names that it gives them.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> PrintedAsync(IReadOnlyList<LxcfsContainer> all, Shape shape, string name, params string[] command)
    {
        var node = all[0].Node;
        var join = string.Concat(shape.Create(node.Name, name).Select(file => $"echo $$ >{file} && "));
        var program = $"{Artifacts.Require("lxcfs-tenant")} {string.Join(' ', command)} {string.Join(' ', all.Select(lxcfs => lxcfs.MountPoint))}";
        var printed = await node.RunAsync("sh", "-c", $"{join} exec unshare --pid --fork {program}");
        return printed.Split("== ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('\n', 2)).ToDictionary(part => part[0], part => part[1]);
    }

    private IEnumerable<string> Lines(string path, string prefix) => Files[path].Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
