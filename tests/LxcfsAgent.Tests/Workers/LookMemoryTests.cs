using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

public sealed class LookMemoryTests
{
    private static readonly ScanRequest Request = new("0:50", [], "/var/lib/lxc", Details: false);
    private static readonly Sight Served = new() { Container = new("mnt:[1]", 7, Live: 9, Files: []) };
    private static readonly FileFacts Stale = new("/proc/stat", "/proc/stat", FileLayer.Top, 3, "0:49");

    private readonly LookMemory _memory = new();

    [Fact]
    public void Where_the_mounts_are_the_same_ones_what_was_seen_is_told_again_at_each_scan()
    {
        Note(new(1, [5, 6]), Served);

        for (var scan = 0; scan < 3; scan++)
        {
            _memory.Begin(Request);
            Assert.Same(Served, _memory.Find(new(1, [5, 6])));
        }
    }

    [Theory]
    [InlineData(1, new ulong[] { 5, 6, 7 })]
    [InlineData(1, new ulong[] { 5 })]
    [InlineData(1, new ulong[] { 5, 7 })]
    [InlineData(2, new ulong[] { 5, 6 })]
    public void Where_a_mount_has_come_or_gone_it_is_looked_at(ulong number, ulong[] mounts)
    {
        Note(new(1, [5, 6]), Served);
        _memory.Begin(Request);

        Assert.Null(_memory.Find(new(number, mounts)));
    }

    [Fact]
    public void For_another_LXCFS_all_are_looked_at()
    {
        Note(new(1, [5, 6]), Served);
        _memory.Begin(Request with { Live = "0:51" });

        Assert.Null(_memory.Find(new(1, [5, 6])));
    }

    [Fact]
    public void What_a_scan_has_not_met_is_forgotten()
    {
        Note(new(1, [5, 6]), Served);
        _memory.Begin(Request);
        _memory.Begin(Request);

        Assert.Null(_memory.Find(new(1, [5, 6])));
    }

    public static TheoryData<string> Unfinished => [nameof(Sight.IsGone), nameof(Sight.Unreadable), nameof(Sight.TooLong), nameof(Stale), nameof(ContainerFacts.OtherTargets)];

    [Theory]
    [MemberData(nameof(Unfinished))]
    public void Where_anything_is_to_be_done_or_told_it_is_looked_at_each_time(string what)
    {
        Note(new(1, [5, 6]), what switch
        {
            nameof(Sight.IsGone) => new() { IsGone = true },
            nameof(Sight.Unreadable) => Sight.OfUnreadable("mnt:[1]", 7, 13),
            nameof(Sight.TooLong) => new() { TooLong = "mnt:[1]" },
            nameof(Stale) => new() { Container = Served.Container! with { Files = [Stale] } },
            _ => new() { Container = Served.Container! with { OtherTargets = 1 } },
        });
        _memory.Begin(Request);

        Assert.Null(_memory.Find(new(1, [5, 6])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    public void No_tenant_makes_it_longer_than_its_bound(int mounts)
    {
        var list = new ulong[mounts];
        _memory.Begin(Request);
        for (var number = 1ul; number <= 10_000; number++)
            _memory.Note(new(number, list), Served);
        _memory.Begin(Request);

        Assert.Equal(
            LookMemory.Most / (LookMemory.Each + mounts), Enumerable.Range(1, 10_000).Count(number => _memory.Find(new((ulong)number, list)) is not null));
    }

    /// <summary>The kernel's own list, in a namespace of this thread's.</summary>
    [Fact]
    public void A_mount_that_comes_or_goes_changes_the_list_and_nothing_else_does()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this process can mount nothing");
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        List<bool>? same = null;
        MountNamespace.Roam(1, roamer =>
        {
            roamer.Settle();
            using var own = Descriptor.Open("/proc/thread-self/ns/mnt", Libc.ORdonly);
            if (MountList.Of(own) is not { } first)
                return;
            same = [first.Is(MountList.Of(own)!)];
            Assert.Equal(0, Libc.Mount("list", folder, "tmpfs", 0, null));
            var second = MountList.Of(own)!;
            same.Add(first.Is(second));
            Assert.Equal(0, Libc.Umount2(folder, 0));
            same.Add(first.Is(MountList.Of(own)!));
            Assert.Equal(0, Libc.Mount("list", folder, "tmpfs", 0, null));
            same.Add(second.Is(MountList.Of(own)!));
            Assert.Equal(0, Libc.Umount2(folder, 0));
        });
        Directory.Delete(folder);

        Assert.SkipWhen(same is null, "this kernel tells no list (Linux 6.12)");
        Assert.Equal([true, false, true, false], same);
    }

    private void Note(MountList list, Sight sight)
    {
        _memory.Begin(Request);
        Assert.Null(_memory.Find(list));
        _memory.Note(list, sight);
    }
}
