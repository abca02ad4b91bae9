using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

public sealed class WithdrawnFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private readonly List<string> _said = [];
    private readonly WithdrawnFiles _withdrawn;

    public WithdrawnFilesTests() => _withdrawn = Open();

    private string RecordFile => _folder + "/withdrawn.json";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_record_stays_however_often_it_is_read()
    {
        _withdrawn.Write([new("mnt:[1]", 7, 8, [new("/proc/meminfo", "/proc/meminfo")], [new(7, 8), new(9, 10)])]);

        for (var agent = 0; agent < 2; agent++)
        {
            var container = Assert.Single(Open().Read());
            Assert.Equal(("mnt:[1]", 7, 8), (container.MountNamespace, container.Pid, container.Started));
            Assert.Equal(new("/proc/meminfo", "/proc/meminfo"), Assert.Single(container.Files));
            Assert.Equal([new ProcessFacts(7, 8), new(9, 10)], container.Processes);
        }

        Assert.Empty(_said);
    }

    [Fact]
    public void The_record_of_an_older_agent_is_read()
    {
        File.WriteAllText(RecordFile, """[{"MountNamespace":"mnt:[1]","Pid":7,"Started":8,"Files":[{"Path":"/proc/stat","Target":"/proc/stat"}]}]""");

        var container = Assert.Single(_withdrawn.Read());

        Assert.Equal(("mnt:[1]", 7, 8), (container.MountNamespace, container.Pid, container.Started));
        Assert.Equal(new("/proc/stat", "/proc/stat"), Assert.Single(container.Files));
        Assert.Null(container.Processes);
    }

    [Fact]
    public void A_record_ends_when_nothing_is_left_to_give_back()
    {
        _withdrawn.Write([new("mnt:[1]", 7, 8, [])]);
        _withdrawn.Write([]);

        Assert.Empty(_withdrawn.Read());
        // Room is kept for the next one.
        Assert.Equal(["reserve"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[{\"mountNames")]
    [InlineData("[null]")]
    [InlineData("[{\"MountNamespace\":\"mnt:[1]\"}]")]
    [InlineData("[{\"MountNamespace\":\"mnt:[1]\",\"Files\":[null]}]")]
    [InlineData("[{\"MountNamespace\":\"mnt:[1]\",\"Files\":[{\"Path\":\"/proc/stat\"}]}]")]
    [InlineData("{}")]
    [InlineData("[{\"MountNamespace\":\"mnt:[1]\",\"Pid\":99999999999,\"Files\":[]}]")]
    public void What_can_t_be_read_is_put_aside_and_told(string text)
    {
        File.WriteAllText(RecordFile, text);

        Assert.Empty(_withdrawn.Read());
        Assert.Contains(RecordFile + ".bad", Assert.Single(_said), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(RecordFile + ".bad"));
        Assert.Empty(_withdrawn.Read());
        Assert.Single(_said);
    }

    [Fact]
    public void A_folder_in_its_place_is_put_aside_and_told()
    {
        Directory.CreateDirectory(RecordFile);

        Assert.Empty(_withdrawn.Read());
        Assert.True(Directory.Exists(RecordFile + ".bad"));
        Assert.Single(_said);
        _withdrawn.Write([new("mnt:[1]", 7, 8, [])]);
        Assert.Single(_withdrawn.Read());
    }

    [Fact]
    public void Null_is_no_record_and_no_error()
    {
        File.WriteAllText(RecordFile, "null");

        Assert.Empty(_withdrawn.Read());
    }

    [Fact]
    public void Room_is_kept_once_and_truly_taken()
    {
        _withdrawn.Reserve();
        var made = File.GetLastWriteTimeUtc(_folder + "/reserve");
        _withdrawn.Reserve();

        Assert.Equal(1 << 20, new FileInfo(_folder + "/reserve").Length);
        Assert.Equal(made, File.GetLastWriteTimeUtc(_folder + "/reserve"));
    }

    private WithdrawnFiles Open() => new(new(_folder, _said.Add));
}
