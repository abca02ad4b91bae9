using System.Globalization;
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
        else if (Node.IsCgroup2)
            Measured.Print("not compared with LXCFS 7: Debian had none when lxcfs-builds.tar was made");
        var ofNode = await NodeShape.OfAsync(node);
        var comparisons = all.Skip(1).Select(lxcfs => new Comparison(lxcfs.Build)).ToArray();
        Shape[] shapes = [.. Shapes, .. Node.IsCgroup2 ? UnifiedShapes : []];
        foreach (var (index, shape) in shapes.Index())
        {
            var views = await View.OfAsync(all, shape, $"{index}", "print");
            AssertRight(views[Build.Ours], shape, ofNode);
            foreach (var comparison in comparisons)
                comparison.Add(shape, views[Build.Ours], views[comparison.Other]);
        }

        foreach (var comparison in comparisons)
        {
            foreach (var line in comparison.Lines)
                Measured.Print($"ours beside {comparison.Other}, {shapes.Length} shapes: {line}");
            // Where they differ ours is right: that was asserted for each shape.
            Assert.Empty(comparison.Unexplained);
        }
    }

    /// <summary>For the packaged one there is no limit of the pod, and on cgroup v2 stat and uptime are the node's.</summary>
    [Fact]
    [Trait("Guest", "yes")]
    [Trait("Change", "60-parents-cpu-limit")]
    [Trait("Change", "61-cpu-time-of-v2")]
    public async Task A_pod_s_limit_is_seen_and_a_container_s_own_use_is_in_stat_and_uptime()
    {
        await using var node = await Node.StartAsync();
        List<LxcfsContainer> all = [await LxcfsContainer.StartAsync(node, Build.Ours), await LxcfsContainer.StartAsync(node, Build.Packaged)];
        if (Node.IsCgroup2 && await LxcfsContainer.HasAsync(node, Build.Seven))
            all.Add(await LxcfsContainer.StartAsync(node, Build.Seven));
        var texts = await View.PrintedAsync(all, new(PodCpus: 1), "burning", "burn", "1");
        var views = all.ToDictionary(lxcfs => lxcfs.Build, lxcfs => View.Of(lxcfs, texts));
        foreach (var (build, view) in views)
        {
            Measured.Print(string.Create(CultureInfo.InvariantCulture,
                $"a container used one second: {build} shows {view.UsedSeconds:0.00} s in stat, {view.Uptime - view.Idle:0.00} s in uptime"));
        }

        var (ours, packaged) = (views[Build.Ours], views[Build.Packaged]);
        Assert.Equal((1, 1, "0\n"), (ours.Processors, ours.StatProcessors, ours["/sys/devices/system/cpu/online"]));
        var ofNode = (await NodeShape.OfAsync(node)).Cpus;
        Assert.Equal((ofNode, ofNode, $"0-{ofNode - 1}\n"), (packaged.Processors, packaged.StatProcessors, packaged["/sys/devices/system/cpu/online"]));
        // What LXCFS itself did for it meanwhile is not the container's; what it did before the first read is not counted.
        var used = texts["used"].Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (least, most) = (used[0] - 0.3, used[1] + 0.3);
        Assert.InRange(ours.UsedSeconds, least, most);
        Assert.InRange(ours.Uptime - ours.Idle, least, ours.Uptime + 0.01);
        Assert.Equal(Node.IsCgroup2, packaged.UsedSeconds < least || packaged.UsedSeconds > most);
        Assert.Equal(Node.IsCgroup2, packaged.Uptime - packaged.Idle < least);
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
        AssertSwap(view, shape, node);
        Assert.InRange(view.Uptime, 0, Eventually.Patience.TotalSeconds);
        Assert.InRange(view.Idle, 0, view.Uptime);
        Assert.Equal(5, view["/proc/loadavg"].Split(' ').Length);
    }

    /// <summary>On cgroup v1 a limit of swap is one of both together, and no shape has one.</summary>
    private static void AssertSwap(View view, Shape shape, NodeShape node)
    {
        var (total, free) = (view.Memory("SwapTotal"), view.Memory("SwapFree"));
        Assert.InRange(free, 0, total);
        if (Node.IsCgroup2)
            Assert.Equal((shape, Math.Min(node.SwapKilobytes, shape.Swap * 1024L ?? long.MaxValue)), (shape, total));
        else
            Assert.InRange(total, 0, node.SwapKilobytes);
        var lines = view["/proc/swaps"].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Filename\t\t\t\tType\t\tSize\tUsed\tPriority", lines[0]);
        Assert.Equal(total, lines.Skip(1).Sum(line => long.Parse(line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[2], CultureInfo.InvariantCulture)));
    }
}
