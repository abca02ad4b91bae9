using Lxcfs.Tests.Rig;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What containers of many shapes see, against their control groups, and beside the packaged LXCFS.</summary>
public sealed class ValueTests
{
    private static readonly int?[] Memories = [null, 64, 100, 512];
    private static readonly double?[] Quotas = [null, 0.25, 1, 1.5, 8];
    private static readonly string?[] Cpusets = [null, "0"];

    /// <summary>Forty of every kind of limit, and those in which a pod's limit, or a group below the container's own, matters.</summary>
    private static readonly Shape[] Shapes =
    [
        .. from memory in Memories from cpus in Quotas from cpuset in Cpusets select new Shape(memory, cpus, cpuset),
        new(PodCpus: 1), new(PodCpus: 0.5, Cpus: 0.25), new(PodCpus: 1.5, Nested: 2), new(PodMemory: 96), new(PodMemory: 96, Memory: 64), new(PodMemory: 64, PodCpus: 1, Nested: 1),
        new(Memory: 128, Cpus: 1, Nested: 3), new(Memory: 1 << 20),
    ];

    /// <summary>Those that only cgroup v2 allows.</summary>
    private static readonly Shape[] UnifiedShapes = [new(PodCpus: 1, Cpus: 2), new(Memory: 256, High: 64), new(Memory: 128, Swap: 0), new(Memory: 128, Swap: 64)];

    [Fact]
    [Trait("Guest", "yes")]
    public async Task A_container_sees_what_its_control_groups_say()
    {
        await using var node = await Node.StartAsync();
        List<LxcfsContainer> all = [await LxcfsContainer.StartAsync(node, Build.Ours), await LxcfsContainer.StartAsync(node, Build.Packaged)];
        var hasSeven = Node.IsCgroup2 && await LxcfsContainer.HasAsync(node, Build.Seven);
        if (hasSeven)
            all.Add(await LxcfsContainer.StartAsync(node, Build.Seven));
        var ofNode = await NodeShape.OfAsync(node);
        var differences = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, shape) in Shapes.Concat(Node.IsCgroup2 ? UnifiedShapes : []).Index())
        {
            var views = await View.OfAsync(all, shape, $"{index}", "print");
            AssertRight(views[Build.Ours], shape, ofNode);
            foreach (var other in all.Skip(1).Select(lxcfs => lxcfs.Build))
                Compare(views[Build.Ours], views[other], other, shape, ofNode, differences);
        }

        Measured.Print($"values of {all.Count} builds were compared: {string.Join(' ', all.Select(lxcfs => lxcfs.Build))}");
        foreach (var (difference, count) in differences)
            Measured.Print($"{difference} in {count} of {Shapes.Length + (Node.IsCgroup2 ? UnifiedShapes.Length : 0)} shapes");
    }

    [Fact]
    [Trait("Guest", "yes")]
    public async Task A_container_s_own_use_is_in_stat_and_uptime()
    {
        await using var node = await Node.StartAsync();
        LxcfsContainer[] all = [await LxcfsContainer.StartAsync(node, Build.Ours)];
        var view = (await View.OfAsync(all, new(Cpus: 1), "burning", "burn", "1"))[Build.Ours];
        // What LXCFS itself did for it meanwhile is not the container's; what it did before the first read is not counted.
        Assert.InRange(view.UsedSeconds, 0.8, 1.5);
        Assert.InRange(view.Uptime - view.Idle, 0.8, view.Uptime + 0.01);
    }

    private static void AssertRight(View view, Shape shape, NodeShape node)
    {
        Assert.Equal(LxcfsFile.All.Select(file => file.Path).Order(StringComparer.Ordinal), view.Files.Keys.Order(StringComparer.Ordinal));
        var (cpus, kilobytes) = (shape.ExpectedCpus(node.Cpus), shape.ExpectedKilobytes(node.Kilobytes));
        Assert.True(
            (cpus, cpus, cpus == 1 ? "0\n" : $"0-{cpus - 1}\n", kilobytes) == (view.Processors, view.StatProcessors, view["/sys/devices/system/cpu/online"], view.Memory("MemTotal")),
            $"{shape}: expected {cpus} processors and {kilobytes} KiB, not {view.Processors}, {view.StatProcessors}, {view["/sys/devices/system/cpu/online"]} and {view.Memory("MemTotal")}");
        Assert.InRange(view.Memory("MemFree"), 0, kilobytes);
        Assert.InRange(view.Memory("MemAvailable"), view.Memory("MemFree"), kilobytes);
        Assert.InRange(view.Memory("SwapFree"), 0, view.Memory("SwapTotal"));
        Assert.StartsWith("Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n", view["/proc/swaps"], StringComparison.Ordinal);
        Assert.InRange(view.Uptime, 0, Eventually.Patience.TotalSeconds);
        Assert.InRange(view.Idle, 0, view.Uptime);
        Assert.Equal(5, view["/proc/loadavg"].Split(' ').Length);
    }

    /// <summary>Equal, but where a limit of the pod is seen, and, on cgroup v2, a processor limit in /proc/stat, which the packaged one does not.</summary>
    private static void Compare(View ours, View other, Build build, Shape shape, NodeShape node, SortedDictionary<string, int> differences)
    {
        foreach (var path in ours.Files.Keys.Where(path => path is not ("/proc/uptime" or "/proc/loadavg" or "/proc/stat" or "/proc/diskstats")))
            Note(path, ours.Still(path) == other.Still(path));
        Note("/proc/stat: processors", ours.StatProcessors == other.StatProcessors);
        Note("/proc/uptime: seconds", Math.Abs(ours.Uptime - other.Uptime) < 2);

        void Note(string what, bool same)
        {
            if (same)
                return;
            var key = $"ours differs from {build} in {what}";
            differences[key] = differences.GetValueOrDefault(key) + 1;
            // Ours was right, as was seen before; on v1 nothing but a limit of a parent can be the reason.
            if (build is Build.Packaged && !Node.IsCgroup2)
                Assert.True(shape.PodCpus is not null || shape is { Cpus: not null, Nested: > 0 }, $"{key}, {shape}");
        }
    }
}
