using System.Globalization;
using System.Text;
using CsCheck;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>Whatever bytes a table of mounts has, and however many, it is read in linear time and to a bound.</summary>
public sealed class MountTableBoundTests
{
    private const string Live = "0:9", Dead = "0:5";

    [Fact]
    public void Stacks_without_end_are_cut_off()
    {
        var table = MountText.Table([MountText.Proc, .. Enumerable.Range(100, 1000).Select(id => MountText.File(id, Dead, on: id == 100 ? 91 : id - 1))]);

        Assert.Equal(MountTable.MostLayers, table.StackAt("/proc/meminfo").Count);
        Assert.True(Assert.Single(table.Files()).Below!.Count < MountTable.MostLayers);
    }

    [Fact]
    public void Mounts_in_a_ring_are_no_ring_for_the_reader() =>
        Assert.True(MountText.Files(MountText.Proc, MountText.File(2, Dead, on: 3), MountText.File(3, Dead, on: 2), new(4, 4, Dead, "/proc/stat", "/proc/stat", MountEntry.Lxcfs)).Count <= 2);

    [Fact]
    public void The_order_of_the_lines_does_not_matter() =>
        Gen.Shuffle(
            (MountEntry[])
            [
                MountText.Bottom, MountText.Proc, MountText.File(2, Dead), MountText.File(3, Live, on: 2), MountText.File(4, Dead, on: 3), new(1, 4, "0:7", "/mine", "/proc/meminfo", "tmpfs"),
                new(80, 90, "0:8", "/", "/sys", "sysfs"), new(5, 91, Dead, "/proc/stat", "/proc/stat", MountEntry.Lxcfs),
            ]).Sample(
            lines =>
            {
                var table = MountTable.Parse(MountText.Text(lines));
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
            var text = MountText.Text([MountText.Bottom, MountText.Proc]).Concat(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(100, lines).Select(id => string.Format(CultureInfo.InvariantCulture, line, id) + "\n")))).ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var table = MountTable.Parse(text);
            Assert.True(table.Files().ToList().Count <= FileIdentity.All.Count);
            Assert.True(table.Others.Count <= MountTable.MostExamples);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
