using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

public sealed class MountTableTests
{
    private const string Live = "0:9";
    private const string Dead = "0:5";

    private static readonly FileJudge Judge = new(Live, new HashSet<string> { Live }, [Live, "0:77"]);

    private static readonly ContainerFacts Container = new("mnt:[1]", 1001);

    [Fact]
    public void A_file_of_the_live_device_is_healthy()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Live)));

        Assert.Equal(new FileFacts("/proc/meminfo", "/proc/meminfo", FileLayer.Top, 2, Live), file);
        Assert.Equal(FileState.Healthy, StateOf(file));
    }

    [Fact]
    public void A_file_of_another_device_is_stale() => Assert.Equal(FileState.Stale, StateOf(Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Dead)))));

    [Fact]
    public void A_file_of_an_lxcfs_that_the_node_shows_elsewhere_is_foreign() =>
        Assert.Equal(FileState.Foreign, StateOf(Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, "0:77")))));

    [Fact]
    public void A_file_of_an_lxcfs_that_the_container_runs_itself_is_foreign() =>
        Assert.Equal(FileState.Foreign, Judge.StateOf(Container with { OwnDevices = [Dead] }, Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Dead)))));

    [Fact]
    public void A_file_that_is_not_known_to_be_ours_is_foreign_where_the_node_could_not_be_looked_at() =>
        Assert.Equal(FileState.Foreign, new FileJudge(Live, new HashSet<string> { Live }, null).StateOf(Container, Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Dead)))));

    [Fact]
    public void The_topmost_of_stacked_mounts_counts_and_all_of_them_are_known()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Dead), MountText.File(3, Live, on: 2), MountText.File(4, Dead, on: 3)));

        Assert.Equal((FileLayer.Top, 4, Dead), (file.Layer, file.Mount, file.Device));
        Assert.Equal([new(3, Live), new(2, Dead)], file.Below!);
        Assert.Equal(FileState.Stale, StateOf(file));
    }

    [Fact]
    public void What_somebody_mounted_over_it_is_a_conflict()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Live), new(3, 2, "0:7", "/mine", "/proc/meminfo", "tmpfs")));

        Assert.Equal((FileLayer.Covered, 3, Live), (file.Layer, file.Mount, file.Device));
        Assert.Null(file.Below);
        Assert.Equal(FileState.Conflicting, StateOf(file));
    }

    [Fact]
    public void What_was_moved_over_it_is_a_conflict_though_it_is_older()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, new(1, 20, "0:7", "/mine", "/proc/meminfo", "tmpfs"), MountText.File(20, Live)));

        Assert.Equal((FileLayer.Covered, 1), (file.Layer, file.Mount));
    }

    [Fact]
    public void Only_mounts_of_lxcfs_above_a_foreign_one_are_layers()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, new(2, 91, "0:7", "/mine", "/proc/meminfo", "tmpfs"), MountText.File(3, Dead, on: 2)));

        Assert.Equal((FileLayer.Top, 3), (file.Layer, file.Mount));
        Assert.Null(file.Below);
    }

    [Fact]
    public void Another_file_of_lxcfs_below_is_no_layer_of_this_one()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, new(2, 91, Dead, "/proc/stat", "/proc/meminfo", MountEntry.Lxcfs), MountText.File(3, Dead, on: 2)));

        Assert.Equal((3, null), (file.Mount, file.Below));
    }

    [Fact]
    public void A_file_below_a_newer_proc_is_hidden()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Dead), new(3, 91, "0:4", "/", "/proc", "proc")));

        Assert.Equal(FileLayer.Hidden, file.Layer);
        Assert.Equal(FileState.Hidden, StateOf(file));
    }

    [Theory]
    [InlineData("/proc", "nfs4")]
    [InlineData("/proc", "fuse.tenant")]
    [InlineData("/", "overlay")]
    public void A_file_in_a_folder_that_is_not_the_kernel_s_is_not_walked_to(string folder, string type)
    {
        var file = Assert.Single(MountText.Files(new(3, 90, "0:4", "/", folder, type), MountText.File(4, Dead, on: 3)));

        Assert.Equal(FileLayer.Hidden, file.Layer);
    }

    [Fact]
    public void A_file_on_the_newer_proc_counts_and_not_the_one_below()
    {
        var file = Assert.Single(MountText.Files(MountText.Proc, MountText.File(2, Dead), new(3, 91, "0:4", "/", "/proc", "proc"), MountText.File(4, Live, on: 3)));

        Assert.Equal((FileLayer.Top, 4, Live), (file.Layer, file.Mount, file.Device));
    }

    [Fact]
    public void Whole_mounts_are_the_node_s()
    {
        var table = MountText.Table(new(2, 90, Live, "/", "/var/lib/lxc/lxcfs", MountEntry.Lxcfs), new(3, 90, Dead, "/", "/mnt", MountEntry.Lxcfs));

        Assert.Empty(table.Files());
        Assert.Equal([Live, Dead], table.Whole.Select(mount => mount.Device));
        Assert.Equal(0, table.OtherTargets);
    }

    [Fact]
    public void Files_that_are_not_in_the_table_are_nobody_s()
    {
        var table = MountText.Table(
            new(2, 91, Dead, "/proc/pressure/cpu", "/proc/pressure/cpu", MountEntry.Lxcfs), new(3, 90, Dead, "/evil", "/etc/passwd", MountEntry.Lxcfs));

        Assert.Empty(table.Files());
        Assert.Equal((false, 2), (table.HasFiles, table.OtherTargets));
        Assert.Equal(["/proc/pressure/cpu", "/etc/passwd"], table.Others.Select(mount => mount.Target));
    }

    [Theory]
    [InlineData("/proc/meminfo", "/host/memory")]
    [InlineData("/proc/meminfo", "/proc/stat")]
    [InlineData("/proc/meminfo", "/jail/proc/meminfo")]
    [InlineData("/proc", "/proc")]
    [InlineData("/proc/meminfo", "/proc/meminfo/")]
    public void A_file_of_lxcfs_at_a_path_that_is_not_its_own_is_told_and_left_alone(string root, string target)
    {
        var table = MountText.Table(MountText.Proc, new(2, 91, Dead, root, target, MountEntry.Lxcfs));

        Assert.Empty(table.Files());
        Assert.Equal((false, 1, target), (table.HasFiles, table.OtherTargets, Assert.Single(table.Others).Target));
    }

    [Fact]
    public void A_type_that_only_begins_like_lxcfs_is_another() =>
        Assert.Empty(MountText.Files(MountText.Proc, new(2, 91, Dead, "/proc/meminfo", "/proc/meminfo", "fuse.lxcfs2")));

    private static FileState StateOf(FileFacts file) => Judge.StateOf(Container, file);
}
