using System.ComponentModel;
using LxcfsAgent.Native;
using LxcfsAgent.State;

namespace LxcfsAgent.Tests;

public sealed class MountPointFolderTests : IDisposable
{
    private const int Ebusy = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;

    private string MountPoint => Path.Combine(_folder, "3-1");

    public MountPointFolderTests()
    {
        Directory.CreateDirectory(MountPoint);
        File.WriteAllText(StateFolder.PidFile(MountPoint), "7");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_goes_with_the_file_beside_it_and_once_more_is_no_error()
    {
        MountPointFolder.Remove(MountPoint);
        MountPointFolder.Remove(MountPoint);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void What_somebody_put_there_stays_and_is_told()
    {
        File.WriteAllText(Path.Combine(MountPoint, "file"), "");

        var failure = Assert.Throws<Win32Exception>(() => MountPointFolder.Remove(MountPoint));
        Assert.StartsWith($"rmdir {MountPoint}: ", failure.Message, StringComparison.Ordinal);
        List<string> said = [];
        MountPointFolder.Remove(MountPoint, said.Add);
        Assert.Equal([failure.Message], said);
        Assert.True(File.Exists(StateFolder.PidFile(MountPoint)));
    }

    [Fact]
    public void One_that_is_mounted_stays_and_is_told()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this process can mount nothing");
        Exception? failure = null;

        MountNamespace.Roam(1, roamer =>
        {
            roamer.Settle();
            Assert.Equal(0, Libc.Mount("busy", MountPoint, "tmpfs", 0, null));
            failure = Record.Exception(() => MountPointFolder.Remove(MountPoint));
        });

        Assert.Equal(Ebusy, Assert.IsType<Win32Exception>(failure).NativeErrorCode);
    }
}
