using System.Globalization;
using System.Text;
using CsCheck;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

public sealed class MountTableTests
{
    private const string Live = "0:9";
    private const string Dead = "0:5";

    private static readonly FileJudge Judge = new(Live, new HashSet<string> { Live }, [Live, "0:77"]);

    private static readonly ContainerFacts Container = new("mnt:[1]", 1001);

    private static MountEntry Bottom => new(90, 89, "8:1", "/", "/", "ext4");

    private static MountEntry Proc => new(91, 90, "0:3", "/", "/proc", "proc");

    [Fact]
    public void A_file_of_the_live_device_is_healthy()
    {
        var file = Assert.Single(Files(Proc, File(2, Live)));

        Assert.Equal(new FileFacts("/proc/meminfo", "/proc/meminfo", FileLayer.Top, 2, Live), file);
        Assert.Equal(FileState.Healthy, StateOf(file));
    }

    [Fact]
    public void A_file_of_another_device_is_stale() => Assert.Equal(FileState.Stale, StateOf(Assert.Single(Files(Proc, File(2, Dead)))));

    [Fact]
    public void A_file_of_an_lxcfs_that_the_node_shows_elsewhere_is_foreign() =>
        Assert.Equal(FileState.Foreign, StateOf(Assert.Single(Files(Proc, File(2, "0:77")))));

    [Fact]
    public void A_file_of_an_lxcfs_that_the_container_runs_itself_is_foreign() =>
        Assert.Equal(FileState.Foreign, Judge.StateOf(Container with { OwnDevices = [Dead] }, Assert.Single(Files(Proc, File(2, Dead)))));

    [Fact]
    public void A_file_that_is_not_known_to_be_ours_is_foreign_where_the_node_could_not_be_looked_at() =>
        Assert.Equal(FileState.Foreign, new FileJudge(Live, new HashSet<string> { Live }, null).StateOf(Container, Assert.Single(Files(Proc, File(2, Dead)))));

    [Fact]
    public void The_topmost_of_stacked_mounts_counts_and_all_of_them_are_known()
    {
        var file = Assert.Single(Files(Proc, File(2, Dead), File(3, Live, on: 2), File(4, Dead, on: 3)));

        Assert.Equal((FileLayer.Top, 4, Dead), (file.Layer, file.Mount, file.Device));
        Assert.Equal([new(3, Live), new(2, Dead)], file.Below!);
        Assert.Equal(FileState.Stale, StateOf(file));
    }

    [Fact]
    public void What_somebody_mounted_over_it_is_a_conflict()
    {
        var file = Assert.Single(Files(Proc, File(2, Live), new(3, 2, "0:7", "/mine", "/proc/meminfo", "tmpfs")));

        Assert.Equal((FileLayer.Covered, 3, Live), (file.Layer, file.Mount, file.Device));
        Assert.Null(file.Below);
        Assert.Equal(FileState.Conflicting, StateOf(file));
    }

    [Fact]
    public void What_was_moved_over_it_is_a_conflict_though_it_is_older()
    {
        var file = Assert.Single(Files(Proc, new(1, 20, "0:7", "/mine", "/proc/meminfo", "tmpfs"), File(20, Live)));

        Assert.Equal((FileLayer.Covered, 1), (file.Layer, file.Mount));
    }

    [Fact]
    public void Only_mounts_of_lxcfs_above_a_foreign_one_are_layers()
    {
        var file = Assert.Single(Files(Proc, new(2, 91, "0:7", "/mine", "/proc/meminfo", "tmpfs"), File(3, Dead, on: 2)));

        Assert.Equal((FileLayer.Top, 3), (file.Layer, file.Mount));
        Assert.Null(file.Below);
    }

    [Fact]
    public void Another_file_of_lxcfs_below_is_no_layer_of_this_one()
    {
        var file = Assert.Single(Files(Proc, new(2, 91, Dead, "/proc/stat", "/proc/meminfo", MountEntry.Lxcfs), File(3, Dead, on: 2)));

        Assert.Equal((3, null), (file.Mount, file.Below));
    }

    [Fact]
    public void A_file_below_a_newer_proc_is_hidden()
    {
        var file = Assert.Single(Files(Proc, File(2, Dead), new(3, 91, "0:4", "/", "/proc", "proc")));

        Assert.Equal(FileLayer.Hidden, file.Layer);
        Assert.Equal(FileState.Hidden, StateOf(file));
    }

    [Theory]
    [InlineData("/proc", "nfs4")]
    [InlineData("/proc", "fuse.tenant")]
    [InlineData("/", "overlay")]
    public void A_file_in_a_folder_that_is_not_the_kernel_s_is_not_walked_to(string folder, string type)
    {
        var file = Assert.Single(Files(new(3, 90, "0:4", "/", folder, type), File(4, Dead, on: 3)));

        Assert.Equal(FileLayer.Hidden, file.Layer);
    }

    [Fact]
    public void A_file_on_the_newer_proc_counts_and_not_the_one_below()
    {
        var file = Assert.Single(Files(Proc, File(2, Dead), new(3, 91, "0:4", "/", "/proc", "proc"), File(4, Live, on: 3)));

        Assert.Equal((FileLayer.Top, 4, Live), (file.Layer, file.Mount, file.Device));
    }

    [Fact]
    public void Whole_mounts_are_the_node_s()
    {
        var table = Table(new(2, 90, Live, "/", "/var/lib/lxc/lxcfs", MountEntry.Lxcfs), new(3, 90, Dead, "/", "/mnt", MountEntry.Lxcfs));

        Assert.Empty(table.Files());
        Assert.Equal([Live, Dead], table.Whole.Select(mount => mount.Device));
        Assert.Equal(0, table.OtherTargets);
    }

    [Fact]
    public void Files_that_are_not_in_the_table_are_nobody_s()
    {
        var table = Table(
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
        var table = Table(Proc, new(2, 91, Dead, root, target, MountEntry.Lxcfs));

        Assert.Empty(table.Files());
        Assert.Equal((false, 1, target), (table.HasFiles, table.OtherTargets, Assert.Single(table.Others).Target));
    }

    [Fact]
    public void A_type_that_only_begins_like_lxcfs_is_another() =>
        Assert.Empty(Files(Proc, new(2, 91, Dead, "/proc/meminfo", "/proc/meminfo", "fuse.lxcfs2")));

    [Fact]
    public void Stacks_without_end_are_cut_off()
    {
        var table = Table([Proc, .. Enumerable.Range(100, 1000).Select(id => File(id, Dead, on: id == 100 ? 91 : id - 1))]);

        Assert.Equal(MountTable.MostLayers, table.StackAt("/proc/meminfo").Count);
        Assert.True(Assert.Single(table.Files()).Below!.Count < MountTable.MostLayers);
    }

    [Fact]
    public void Mounts_in_a_ring_are_no_ring_for_the_reader() =>
        Assert.True(Files(Proc, File(2, Dead, on: 3), File(3, Dead, on: 2), new(4, 4, Dead, "/proc/stat", "/proc/stat", MountEntry.Lxcfs)).Count <= 2);

    [Fact]
    public void The_order_of_the_lines_does_not_matter() =>
        Gen.Shuffle(
            (MountEntry[])
            [
                Bottom, Proc, File(2, Dead), File(3, Live, on: 2), File(4, Dead, on: 3), new(1, 4, "0:7", "/mine", "/proc/meminfo", "tmpfs"),
                new(80, 90, "0:8", "/", "/sys", "sysfs"), new(5, 91, Dead, "/proc/stat", "/proc/stat", MountEntry.Lxcfs),
            ]).Sample(
            lines =>
            {
                var table = MountTable.Parse(Text(lines));
                Assert.Equal([2, 3, 4, 1], table.StackAt("/proc/meminfo").Select(mount => mount.Id));
                Assert.Equal([5], table.StackAt("/proc/stat").Select(mount => mount.Id));
                Assert.Empty(table.StackAt("/proc/uptime"));
            },
            iter: 200);

    [Fact]
    public void No_bytes_break_it() =>
        Gen.OneOf([Gen.Byte, .. " -\n\\1/".Select(letter => Gen.Const((byte)letter))]).Array[0, 300].Sample(bytes => _ = MountTable.Parse(bytes).Files().ToList());

    [Fact]
    public void No_field_out_of_place_breaks_it() =>
        Gen.OneOf([.. ((string[])["1", "2", "3", "1", "0:5", "/", "/proc", "/proc/meminfo", "-", "fuse.lxcfs", "rw", "\n", "\n", "\\057", "//deleted", "-1", ""])
            .Select(word => Gen.Const(word))]).Array[0, 120].Sample(words =>
        {
            var text = Encoding.UTF8.GetBytes(string.Join(' ', words));
            var table = MountTable.Parse(text);
            Assert.All(table.Files(), file => Assert.True(FileIdentity.IsOwnTarget(file.Path, file.Target)));
            Assert.True(table.Whole.Count + table.OtherTargets <= MountInfo.Parse(text).Count);
        });

    /// <summary>Whatever a tenant mounts, what is kept of it has a bound; the text alone is as long as it is.</summary>
    [Theory]
    [InlineData("{0} 91 0:5 /proc/meminfo /proc/meminfo ro - fuse.lxcfs lxcfs rw")]
    [InlineData("{0} 91 0:5 /proc/meminfo /a/proc/meminfo ro - fuse.lxcfs lxcfs rw")]
    [InlineData("{0} 91 0:5 / /proc rw - proc proc rw")]
    [InlineData("{0} 91 0:5 / /tmp/{0} rw - tmpfs tmpfs rw")]
    [InlineData("{0} 91 0:5 / / rw - tmpfs tmpfs rw")]
    [InlineData("{0} 91 0:5 / /tmp/{0} rw - fuse.lxcfs lxcfs rw")]
    public void Fifty_thousand_lines_cost_no_more_than_five_times_ten_thousand(string line)
    {
        var (few, many) = (Cost(10_000), Cost(50_000));

        Assert.True(many < (7 * few) + 100_000, $"{few} bytes for 10,000 lines, {many} for 50,000");
        Assert.True(many < 64 << 20, $"{many} bytes");

        long Cost(int lines)
        {
            var text = Text([Bottom, Proc]).Concat(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(100, lines).Select(id => string.Format(CultureInfo.InvariantCulture, line, id) + "\n")))).ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var table = MountTable.Parse(text);
            Assert.True(table.Files().ToList().Count <= FileIdentity.All.Count);
            Assert.True(table.Others.Count <= MountTable.MostExamples);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static MountEntry File(int id, string device, int on = 91) => new(id, on, device, "/proc/meminfo", "/proc/meminfo", MountEntry.Lxcfs);

    private static FileState StateOf(FileFacts file) => Judge.StateOf(Container, file);

    private static List<FileFacts> Files(params MountEntry[] mounts) => [.. Table(mounts).Files()];

    private static MountTable Table(params MountEntry[] mounts) => MountTable.Parse(Text([Bottom, .. mounts]));

    private static byte[] Text(IEnumerable<MountEntry> mounts) => Encoding.UTF8.GetBytes(string.Concat(mounts.Select(mount =>
        string.Create(CultureInfo.InvariantCulture, $"{mount.Id} {mount.Parent} {mount.Device} {mount.Root} {mount.Target} rw,relatime shared:1 - {mount.Type} lxcfs rw\n"))));
}
