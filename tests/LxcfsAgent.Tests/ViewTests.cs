using LxcfsAgent.Containers;

namespace LxcfsAgent.Tests;

public sealed class ViewTests
{
    private const string Live = "0:9";
    private const string Dead = "0:5";

    [Fact]
    public void A_file_of_the_live_device_is_healthy() =>
        Assert.Equal([new ViewedFile("/proc/meminfo", "/proc/meminfo", FileState.Healthy, 2, 1)], Look(Proc, File(2, Live)));

    [Fact]
    public void A_file_of_another_device_is_judged() => Assert.Equal(FileState.Stale, Assert.Single(Look(Proc, File(2, Dead))).State);

    [Fact]
    public void The_topmost_of_stacked_mounts_counts_and_all_of_them_are_known() =>
        Assert.Equal([new ViewedFile("/proc/meminfo", "/proc/meminfo", FileState.Stale, 4, 3)], Look(Proc, File(2, Dead), File(3, Live), File(4, Dead)));

    [Fact]
    public void What_somebody_mounted_over_it_is_a_conflict()
    {
        var file = Assert.Single(Look(Proc, File(2, Live), new(3, "0:7", "/mine", "/proc/meminfo", "tmpfs")));

        Assert.Equal(FileState.Conflicting, file.State);
        Assert.Equal(0, file.Layers);
    }

    [Fact]
    public void Only_mounts_of_lxcfs_above_a_foreign_one_are_layers() =>
        Assert.Equal(1, Assert.Single(Look(Proc, new(2, "0:7", "/mine", "/proc/meminfo", "tmpfs"), File(3, Dead))).Layers);

    [Fact]
    public void Whole_mounts_are_the_node_s() =>
        Assert.Empty(Look(new(2, Live, "/", "/var/lib/lxc/lxcfs", MountEntry.Lxcfs), new(3, Dead, "/", "/mnt", MountEntry.Lxcfs)));

    [Fact]
    public void Files_that_are_not_in_the_table_are_nobody_s() =>
        Assert.Empty(Look(new(2, Dead, "/proc/pressure/cpu", "/proc/pressure/cpu", MountEntry.Lxcfs), new(3, Dead, "/evil", "/etc/passwd", MountEntry.Lxcfs)));

    [Fact]
    public void The_file_inside_lxcfs_tells_what_belongs_at_a_target() =>
        Assert.Equal("/proc/meminfo", Assert.Single(Look(new MountEntry(2, Dead, "/proc/meminfo", "/host/memory", MountEntry.Lxcfs))).Path);

    [Fact]
    public void A_file_is_unchanged_while_the_same_mount_is_on_top()
    {
        MountEntry[] mounts = [Proc, File(2, Dead)];
        var file = Assert.Single(Look(mounts));

        Assert.True(View.IsUnchanged(mounts, file));
        Assert.False(View.IsUnchanged([.. mounts, File(3, Live)], file));
        Assert.False(View.IsUnchanged([], file));
    }

    private static MountEntry Proc => new(1, "0:3", "/", "/proc", "proc");

    private static MountEntry File(int id, string device) => new(id, device, "/proc/meminfo", "/proc/meminfo", MountEntry.Lxcfs);

    private static IReadOnlyList<ViewedFile> Look(params MountEntry[] mounts) =>
        View.Of(mounts, mount => mount.Device == Live ? FileState.Healthy : FileState.Stale);
}
