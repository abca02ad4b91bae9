using System.Globalization;
using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What a container has used, against what its control groups say of it at the same time.</summary>
public sealed class UseTests
{
    private const int Children = 6;

    /// <summary>Fields of meminfo, and the lines of memory.stat whose sum they are: on cgroup v1 and on v2.</summary>
    private static readonly (string Field, string[] Legacy, string[] Unified)[] Memory =
    [
        ("Cached", ["total_cache"], ["file"]),
        ("Mapped", ["total_mapped_file"], ["file_mapped"]),
        ("Shmem", ["total_shmem"], ["shmem"]),
        ("AnonHugePages", ["total_rss_huge"], ["anon_thp"]),
        ("Active(anon)", ["total_active_anon"], ["active_anon"]),
        ("Inactive(anon)", ["total_inactive_anon"], ["inactive_anon"]),
        ("Active(file)", ["total_active_file"], ["active_file"]),
        ("Inactive(file)", ["total_inactive_file"], ["inactive_file"]),
        ("Active", ["total_active_anon", "total_active_file"], ["active_anon", "active_file"]),
        ("Inactive", ["total_inactive_anon", "total_inactive_file"], ["inactive_anon", "inactive_file"]),
        ("Unevictable", ["total_unevictable"], ["unevictable"]),
        ("Dirty", ["total_dirty"], ["file_dirty"]),
        ("Writeback", ["total_writeback"], ["file_writeback"]),
        ("SReclaimable", [], ["slab_reclaimable"]),
        ("SUnreclaim", [], ["slab_unreclaimable"]),
    ];

    /// <summary>The packaged one beside ours: what it shows as 0, ours does not.</summary>
    [Fact]
    [Trait("Guest", "yes")]
    [Trait("Change", "63-mapped-and-huge-pages")]
    public async Task Its_memory_and_load_are_what_its_control_groups_say()
    {
        await using var node = await Node.StartAsync();
        List<LxcfsContainer> all = [await LxcfsContainer.StartAsync(node, Build.Ours), await LxcfsContainer.StartAsync(node, Build.Packaged)];
        var group = $"/sys/fs/cgroup/{(Node.IsCgroup2 ? "" : "memory/")}{node.Name}/pod-using/container";
        string[] others =
        [
            $"{group}/memory.stat", "/proc/diskstats",
            .. Node.IsCgroup2 ? [$"{group}/memory.current", $"{group}/memory.swap.current"] : (string[])[$"{group}/memory.usage_in_bytes", $"{group}/memory.memsw.usage_in_bytes"],
        ];
        var texts = await View.PrintedAsync(
            all, new(Memory: 128), "using", ["use", Path.Combine(node.Folder, "used"), $"{Children}", $"{others.Length}", .. others]);
        // Huge pages it has where the kernel had any to give.
        string[] shownAsNone = [.. Fields.Where(field => KnownWrong.Contains(field.Field) && !Says(texts, others[0], field.Lines, 0)).Select(field => field.Field)];
        Measured.Print($"what a container uses and the packaged one shows as 0: {string.Join(", ", shownAsNone)}");
        Assert.Equal(shownAsNone, Wrong(View.Of(all[1], texts), texts, others[0]));
        var view = View.Of(all[0], texts);
        Assert.Empty(Wrong(view, texts, others[0]));
        // What makes that more than a comparison of nothing with nothing.
        Assert.All((string[])["Cached", "Mapped", "Shmem"], field => Assert.InRange(view.Memory(field), 8 << 10, 128 << 10));
        AssertUse(view, texts, others);
        // One is this process, which reads; the shell has become unshare, which waits outside of the pid namespace.
        Assert.Equal($"{Children + 2}", view["/proc/loadavg"].Split(' ')[3].Split('/')[1]);
        AssertDisksAreTheNodes(view, texts["before /proc/diskstats"], texts["after /proc/diskstats"]);
    }

    [Fact]
    [Trait("Guest", "yes")]
    [Trait("Change", "62-nothing-below-zero")]
    public async Task Less_swap_than_it_uses_leaves_a_container_none_and_not_less()
    {
        Assert.SkipUnless(Node.IsGuest, "the guest has cgroup v2, whose limit of swap is one of swap alone, and swap");
        await using var node = await Node.StartAsync();
        List<LxcfsContainer> all = [await LxcfsContainer.StartAsync(node, Build.Ours), await LxcfsContainer.StartAsync(node, Build.Packaged)];
        var member = new Shape(Memory: 128).Create(node.Name, "swapping").Single();
        var group = Path.GetDirectoryName(member);
        // The guest's files are in memory, and so in swap.
        var meminfo = await node.RunAsync("sh", "-c",
            $"echo $$ >{member}; dd if=/dev/zero of={node.Folder}/swapped bs=1M count=32 2>/dev/null; echo 24M >{group}/memory.reclaim || true; "
            + $"echo 0 >{group}/memory.swap.max; cat {all[0].MountPoint}/proc/meminfo {all[1].MountPoint}/proc/meminfo");
        Assert.InRange(Number((await File.ReadAllTextAsync($"{group}/memory.swap.current", TestContext.Current.CancellationToken)).TrimEnd()), 4 << 20, 32 << 20);
        var free = meminfo.Split('\n').Where(line => line.StartsWith("SwapFree:", StringComparison.Ordinal))
            .Select(line => ulong.Parse(line["SwapFree:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(0UL, free[0]);
        Assert.InRange(free[1], 1UL << 50, ulong.MaxValue);
    }

    private static IEnumerable<(string Field, string[] Lines)> Fields => Memory.Select(entry => (entry.Field, Node.IsCgroup2 ? entry.Unified : entry.Legacy));

    /// <summary>What 6.0.4 shows as 0.</summary>
    private static string[] KnownWrong => Node.IsCgroup2 ? ["Mapped", "AnonHugePages"] : ["AnonHugePages"];

    private static string[] Wrong(View view, IReadOnlyDictionary<string, string> texts, string stat) =>
        [.. Fields.Where(field => !Says(texts, stat, field.Lines, view.Memory(field.Field))).Select(field => field.Field)];

    private static void AssertUse(View view, IReadOnlyDictionary<string, string> texts, string[] files)
    {
        var used = view.Memory("MemTotal") - view.Memory("MemFree");
        Assert.True(Near(texts, files[2], used), $"{used} KiB used, and {texts[$"before {files[2]}"]} bytes");
        string[] freed = Node.IsCgroup2 ? ["active_file", "inactive_file", "slab_reclaimable"] : ["total_active_file", "total_inactive_file"];
        Assert.True(Says(texts, files[0], freed, view.Memory("MemAvailable") - view.Memory("MemFree")), view["/proc/meminfo"]);
        var swapped = view.Memory("SwapTotal") - view.Memory("SwapFree");
        Assert.True(Near(texts, files[3], Node.IsCgroup2 ? swapped : used + swapped), view["/proc/meminfo"]);
    }

    /// <summary>No kernel since 5.0 has the files that LXCFS reads: it shows the node's.</summary>
    private static void AssertDisksAreTheNodes(View view, string before, string after)
    {
        var (first, shown, last) = (Disks(before), Disks(view["/proc/diskstats"]), Disks(after));
        Assert.Equal(first.Keys, shown.Keys);
        Assert.All(shown, disk => Assert.InRange(disk.Value, first[disk.Key], last[disk.Key]));

        // The sectors read and written of each.
        static SortedDictionary<string, long> Disks(string text) => new(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[2], words => Number(words[5]) + Number(words[9])), StringComparer.Ordinal);
    }

    /// <summary>Whether the sum of these lines was this many KiB just before or after.</summary>
    private static bool Says(IReadOnlyDictionary<string, string> texts, string file, string[] lines, long kilobytes) => IsNear(kilobytes, ((string[])["before", "after"])
        .Select(when => texts[$"{when} {file}"].Split('\n').Select(line => line.Split(' ')).Where(words => lines.Contains(words[0])).Sum(words => Number(words[1]))));

    private static bool Near(IReadOnlyDictionary<string, string> texts, string file, long kilobytes) =>
        IsNear(kilobytes, ((string[])["before", "after"]).Select(when => Number(texts[$"{when} {file}"].TrimEnd())));

    /// <summary>The kernel counts per processor and adds up now and then.</summary>
    private static bool IsNear(long kilobytes, IEnumerable<long> bytes)
    {
        const long slack = 1 << 10;
        var around = bytes.Select(value => value / 1024).ToArray();
        return kilobytes >= around.Min() - slack && kilobytes <= around.Max() + slack;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
