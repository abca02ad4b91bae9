using LxcfsAgent.Containers;

namespace LxcfsAgent.Tests;

public sealed class WithdrawnTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_record_stays_however_often_it_is_read()
    {
        var withdrawn = new Withdrawn(RecordFile);
        withdrawn.Write([new("mnt:[1]", 7, 8, [new("/proc/meminfo", "/proc/meminfo")])]);

        for (var agent = 0; agent < 2; agent++)
        {
            var container = Assert.Single(withdrawn.Read());
            Assert.Equal(("mnt:[1]", 7, 8), (container.MountNamespace, container.Pid, container.Started));
            Assert.Equal(new("/proc/meminfo", "/proc/meminfo"), Assert.Single(container.Files));
        }
    }

    [Fact]
    public void A_record_ends_when_nothing_is_left_to_give_back()
    {
        var withdrawn = new Withdrawn(RecordFile);
        withdrawn.Write([new("mnt:[1]", 7, 8, [])]);
        withdrawn.Write([]);

        Assert.Empty(withdrawn.Read());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{\"mountNames")]
    public void Half_a_record_is_none(string text)
    {
        File.WriteAllText(RecordFile, text);

        Assert.Empty(new Withdrawn(RecordFile).Read());
    }

    private string RecordFile => _folder + "/withdrawn.json";
}
