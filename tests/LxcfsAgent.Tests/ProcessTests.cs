using System.Diagnostics;
using LxcfsAgent.Apply;
using LxcfsAgent.Native;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>What the kernel tells of a process, and what of that the agent goes by.</summary>
public sealed class ProcessTests
{
    private const string Rest = "7 7 7 0 -1 4194560 0 0 0 0 5 3 0 0 20 0 2 0 4711 0 0";

    [Theory]
    [InlineData("sleep")]
    [InlineData("a b")]
    [InlineData("a) Z 1 (")]
    [InlineData("a\nb")]
    public void A_stat_file_is_read_behind_the_last_bracket(string name) =>
        Assert.Equal(new('S', 7, Used: 8, Threads: 2, Started: 4711), ProcessStat.Parse($"42 ({name}) S {Rest}"));

    [Theory]
    [InlineData("")]
    [InlineData("42 (sleep)")]
    [InlineData("42 (sleep) S 7 7")]
    public void What_is_no_stat_file_is_nothing(string text) => Assert.Equal(default, ProcessStat.Parse(text));

    [Fact]
    public async Task An_orphaned_lxcfs_is_who_holds_the_lock_on_its_pid_file_whatever_the_file_says()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        var mountPoint = $"{folder}/1-1";
        Assert.Null(OrphanedLxcfs.HolderOf(mountPoint));
        await File.WriteAllTextAsync(StateFolder.PidFile(mountPoint), "1\n", TestContext.Current.CancellationToken);
        Assert.Null(OrphanedLxcfs.HolderOf(mountPoint));
        // struct flock: type, where from, start, length and process.
        using var holder = Process.Start(new ProcessStartInfo(
            "perl",
            [
                "-e", "use Fcntl; open(F, '+<', $ARGV[0]); my $l = pack('s s x4 q q l x4', F_WRLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $l) or die $!; $| = 1; print \"locked\\n\"; sleep 60",
                StateFolder.PidFile(mountPoint),
            ])
        { RedirectStandardOutput = true })!;
        Assert.Equal("locked", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Assert.Equal(holder.Id, OrphanedLxcfs.HolderOf(mountPoint));

        OrphanedLxcfs.End(mountPoint);
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Null(OrphanedLxcfs.HolderOf(mountPoint));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_process_that_has_ended_and_is_not_reaped_is_in_no_namespace()
    {
        using var proc = new ProcFolder();
        var processes = new Processes(proc);
        Assert.NotNull(processes.NamespaceOf(Environment.ProcessId));
        using var zombie = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true })!;
        var pid = int.Parse((await zombie.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(SpinWait.SpinUntil(() => processes.StatOf($"{pid}").State == 'Z', TimeSpan.FromSeconds(30)));

        Assert.Null(processes.NamespaceOf(pid));
        Assert.Equal(0, processes.Failures);
        zombie.Kill();
    }

    /// <summary>As where a module of the kernel forbids it; the kernel itself lets root with all capabilities look at everybody.</summary>
    [Fact]
    public void A_process_that_may_not_be_looked_at_is_told_and_is_not_gone()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this process has no capability to give up");
        using var other = Process.Start("sleep", "60")!;
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{other.Id}/comm") == "sleep\n", TimeSpan.FromSeconds(30)));
        using var proc = new ProcFolder();

        var (place, processes) = RestrictedThread.WithoutCapabilities(() =>
        {
            var processes = new Processes(proc);
            return (processes.NamespaceOf(other.Id), processes);
        });

        Assert.Null(place);
        Assert.Equal((other.Id, Libc.Eacces), Assert.Single(processes.Refused));
        Assert.Equal(0, processes.Failures);
        other.Kill();
        other.WaitForExit();
        var later = new Processes(proc);
        Assert.Null(RestrictedThread.WithoutCapabilities(() => later.NamespaceOf(other.Id)));
        Assert.Empty(later.Refused);
    }

    [Fact]
    public void A_folder_that_no_LXCFS_is_mounted_at_lacks_no_file()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        Assert.Throws<IOException>(() => ServedFiles.Open(folder));
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(20, true)]
    [InlineData(1, false)]
    [InlineData(13, false)]
    [InlineData(5, false)]
    [InlineData(11, false)]
    [InlineData(12, false)]
    [InlineData(23, false)]
    [InlineData(24, false)]
    public void To_lack_something_is_told_from_what_is_not_there(int error, bool isAbsence) => Assert.Equal(isAbsence, Libc.IsAbsence(error));
}
