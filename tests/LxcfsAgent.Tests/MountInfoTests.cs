using System.Text;
using CsCheck;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

public sealed class MountInfoTests
{
    [Fact]
    public void Reads_a_file_of_lxcfs_in_a_container()
    {
        var entry = Assert.Single(Parse(
            "1203 1190 0:70 /proc/meminfo /proc/meminfo ro,nosuid,nodev,relatime - fuse.lxcfs lxcfs rw,user_id=0,group_id=0,allow_other\n"));

        Assert.Equal(new(1203, 1190, "0:70", "/proc/meminfo", "/proc/meminfo", "fuse.lxcfs"), entry);
        Assert.True(entry.IsLxcfs);
    }

    [Theory]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime shared:4 master:1 propagate_from:2 - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /mnt1 /mnt2 rw,noatime - ext3 - rw")]
    public void Optional_fields_don_t_matter(string line) =>
        Assert.Equal(new(36, 35, "98:0", "/mnt1", "/mnt2", "ext3"), Assert.Single(Parse(line)));

    [Theory]
    [InlineData("/proc/meminfo//deleted", "/proc/meminfo")]
    [InlineData("//deleted", "/")]
    [InlineData("/proc/meminfo", "/proc/meminfo")]
    public void A_file_of_a_dead_lxcfs_that_somebody_looked_up_is_still_that_file(string root, string expected) =>
        Assert.Equal(expected, Assert.Single(Parse($"1203 1190 0:70 {root} /proc/meminfo ro - fuse.lxcfs lxcfs rw")).Root);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("36")]
    [InlineData("36 35 98:0 /mnt1")]
    [InlineData("x 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData(" - fuse.lxcfs ")]
    public void A_line_that_can_t_be_read_is_left_out(string text) => Assert.Empty(Parse(text));

    [Fact]
    public void Whatever_the_kernel_escapes_comes_back() =>
        Gen.String[Gen.OneOf([.. " \t\n\\a/-017é".Select(letter => Gen.Const(letter))]), 0, 30].Array[1, 8].Sample(targets =>
        {
            var text = string.Concat(targets.Select((target, i) => $"{i} 1 0:1 /{Escape(target)} /{Escape(target)} rw shared:1 - fuse.lxcfs lxcfs rw\n"));
            Assert.Equal(targets.Select(target => "/" + target), Parse(text).Select(entry => entry.Target));
            Assert.Equal(targets.Select(target => "/" + target), Parse(text).Select(entry => entry.Root));
        });

    [Theory]
    [InlineData("x 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("36 x 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    [InlineData("99999999999 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw")]
    public void A_line_without_its_numbers_hides_no_other(string line) =>
        Assert.Equal(36, Assert.Single(Parse($"{line}\n36 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw\n{line}")).Id);

    [Fact]
    public void A_target_that_is_no_text_is_nobody_s_file() =>
        Assert.DoesNotContain(
            MountInfo.Parse([.. "2 1 0:5 /proc/stat /proc/st"u8, 0xff, 0xfe, .. " ro - fuse.lxcfs lxcfs rw"u8]),
            entry => FileIdentity.IsOwnTarget(entry.Root, entry.Target));

    [Fact]
    public void Agrees_with_the_kernel_on_this_process()
    {
        var entries = MountInfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"));

        Assert.Equal(File.ReadAllLines("/proc/self/mountinfo").Length, entries.Count);
        Assert.Contains(entries, entry => entry is { Target: "/proc", Type: "proc" });
    }

    private static Gen<string> Any(params string[] texts) => Gen.OneOf([.. texts.Select(text => Gen.Const(text))]);

    private static List<MountEntry> Parse(string text) => MountInfo.Parse(Encoding.UTF8.GetBytes(text));

    private static string Escape(string text) =>
        text.Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal)
            .Replace("\t", "\\011", StringComparison.Ordinal).Replace("\n", "\\012", StringComparison.Ordinal);
}
