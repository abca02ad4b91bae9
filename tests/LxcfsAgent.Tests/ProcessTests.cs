using System.Diagnostics;
using LxcfsAgent.Apply;
using LxcfsAgent.Native;
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

    [Theory]
    [InlineData("/opt/lxcfs/lxcfs", true)]
    [InlineData("/opt/lxcfs/lxcfs (deleted)", true)]
    [InlineData("/usr/bin/lxcfs", true)]
    [InlineData("/usr/bin/not-lxcfs", false)]
    [InlineData("/opt/lxcfs/lxcfs-agent", false)]
    [InlineData("/usr/bin/sleep", false)]
    [InlineData("", false)]
    public void An_orphaned_lxcfs_is_told_by_its_program(string program, bool isLxcfs) => Assert.Equal(isLxcfs, OrphanedLxcfs.IsLxcfs(program));

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

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(11, true)]
    [InlineData(12, true)]
    [InlineData(23, true)]
    [InlineData(24, true)]
    public void To_lack_something_is_told_from_what_is_not_there(int error, bool isWant) => Assert.Equal(isWant, Libc.IsWant(error));
}
