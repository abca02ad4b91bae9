using System.Globalization;

namespace Lxcfs.Tests.Rig;

/// <summary>The limits of a container and of the pod that it is in.</summary>
/// <param name="Memory">MiB; null for no limit.</param>
/// <param name="Cpus">The quota as a number of processors; null for none.</param>
/// <param name="Cpuset">As cpuset.cpus has it; null for all.</param>
/// <param name="PodMemory">MiB, of the parent.</param>
/// <param name="PodCpus">The parent's quota.</param>
/// <param name="High">MiB, memory.high: a brake and no limit. On cgroup v2.</param>
/// <param name="Swap">MiB of swap; on cgroup v2.</param>
/// <param name="Nested">Groups below the container's own, in the last of which its process is.</param>
public sealed record Shape(
    int? Memory = null, double? Cpus = null, string? Cpuset = null, int? PodMemory = null, double? PodCpus = null, int? High = null,
    int? Swap = null, int Nested = 0)
{
    private const int Period = 100_000;
    private const long Mebibyte = 1 << 20;

    /// <summary>The processors that the control groups allow, of the node's.</summary>
    public int ExpectedCpus(int ofNode)
    {
        var quota = new[] { Cpus, PodCpus }.OfType<double>().DefaultIfEmpty(ofNode).Min();
        var inSet = Cpuset is null ? ofNode : Cpuset.Split(',').Sum(range => range.Split('-') is [var first, var last] ? Number(last) - Number(first) + 1 : 1);
        return Math.Min((int)Math.Ceiling(quota), Math.Min(inSet, ofNode));
    }

    public long ExpectedKilobytes(long ofNode) =>
        new[] { Memory, PodMemory }.OfType<int>().Select(limit => limit * Mebibyte / 1024).Append(ofNode).Min();

    /// <summary>Makes the control groups below the node's own, and returns the files that a process writes itself into.</summary>
    public IReadOnlyList<string> Create(string node, string name)
    {
        var path = string.Concat($"{node}/pod-{name}/container", string.Concat(Enumerable.Range(0, Nested).Select(level => $"/nested-{level}")));
        return LxcfsNode.Tests.Rig.Node.IsCgroup2 ? [CreateUnified(path)] : [.. ((string[])["cpu", "cpuacct", "cpuset", "memory", "blkio"]).Select(controller => CreateLegacy(controller, path))];
    }

    private string CreateUnified(string path)
    {
        var folder = "/sys/fs/cgroup";
        foreach (var (level, part) in path.Split('/').Index())
        {
            File.WriteAllText($"{folder}/cgroup.subtree_control", "+cpu +cpuset +memory +io");
            folder = $"{folder}/{part}";
            Directory.CreateDirectory(folder);
            if (level is not (1 or 2))
                continue;
            Write("memory.max", level == 1 ? PodMemory * Mebibyte : Memory * Mebibyte);
            Write("cpu.max", (level == 1 ? PodCpus : Cpus) is { } cpus ? $"{cpus * Period} {Period}" : null);
            if (level == 1)
                continue;
            Write("cpuset.cpus", Cpuset);
            Write("memory.high", High * Mebibyte);
            Write("memory.swap.max", Swap * Mebibyte);
        }

        return $"{folder}/cgroup.procs";

        void Write(string file, object? value)
        {
            if (value is not null)
                File.WriteAllText($"{folder}/{file}", string.Create(CultureInfo.InvariantCulture, $"{value}"));
        }
    }

    private string CreateLegacy(string controller, string path)
    {
        var folder = $"/sys/fs/cgroup/{controller}";
        foreach (var (level, part) in path.Split('/').Index())
        {
            var parent = folder;
            folder = $"{folder}/{part}";
            Directory.CreateDirectory(folder);
            var (memory, cpus) = level switch { 1 => (PodMemory, PodCpus), 2 => (Memory, Cpus), _ => (null, null) };
            if (controller == "memory" && memory is not null)
                File.WriteAllText($"{folder}/memory.limit_in_bytes", $"{memory * Mebibyte}");
            if (controller == "cpu" && cpus is not null)
                File.WriteAllText($"{folder}/cpu.cfs_quota_us", string.Create(CultureInfo.InvariantCulture, $"{cpus * Period}"));
            if (controller != "cpuset")
                continue;
            // A new one has none.
            File.WriteAllText($"{folder}/cpuset.mems", File.ReadAllText($"{parent}/cpuset.mems"));
            File.WriteAllText($"{folder}/cpuset.cpus", level == 2 && Cpuset is not null ? Cpuset : File.ReadAllText($"{parent}/cpuset.cpus"));
        }

        return $"{folder}/cgroup.procs";
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
