using System.ComponentModel;
using System.Globalization;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

public sealed class SpawnTests : IDisposable
{
    private readonly Pipe _output = Pipe.Create();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_child_starts_with_no_signal_ignored_or_blocked()
    {
        // This process ignores SIGPIPE, as every program of .NET does, and whatever who started it ignores.
        const ulong pipe = 1 << (13 - 1);
        var ignored = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.NotEqual(0ul, ulong.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & pipe);

        var said = Run("cat", "/proc/self/status");

        // The C library keeps signals 32 and 33 to itself, and ignores them in every child that it starts.
        Assert.Contains("SigIgn:\t0000000180000000\n", said, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000000000\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_has_the_descriptors_that_were_named_and_no_other()
    {
        using var leaked = Descriptor.From(ProcessCalls.Fcntl(_output.Read.Number, 0, 200), "dup"); // Without FD_CLOEXEC.

        var said = RunWith(
            new Dictionary<int, Descriptor> { [1] = _output.Write, [7] = _output.Read }, "sh", "-c", "cd /proc/self/fd && echo *");

        // 3 is the folder that the shell reads to know the names; the shell's own descriptors come and go from 10 on.
        Assert.Equal(["0", "1", "2", "3", "7"], said.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Descriptors_can_change_places()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        using var a = Descriptor.Open(folder + "/a", Libc.ORdwr | Libc.OCreat, 0x180);
        using var b = Descriptor.Open(folder + "/b", Libc.ORdwr | Libc.OCreat, 0x180);

        RunWith(
            new Dictionary<int, Descriptor> { [1] = _output.Write, [a.Number] = b, [b.Number] = a },
            "sh", "-c", $"echo from-a > /proc/self/fd/{a.Number}; echo from-b > /proc/self/fd/{b.Number}");

        Assert.Equal(("from-b\n", "from-a\n"), (File.ReadAllText(folder + "/a"), File.ReadAllText(folder + "/b")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Variables_are_added_and_replaced_and_the_others_kept()
    {
        Environment.SetEnvironmentVariable("SPAWN_KEPT", "ü = 1");
        Environment.SetEnvironmentVariable("SPAWN_REPLACED", "old");
        var spawn = Of("sh", "-c", "echo \"$SPAWN_KEPT|$SPAWN_REPLACED|$SPAWN_ADDED\"") with
        {
            Environment = new Dictionary<string, string> { ["SPAWN_REPLACED"] = "new", ["SPAWN_ADDED"] = "" },
            Descriptors = new Dictionary<int, Descriptor> { [1] = _output.Write },
        };

        Assert.Equal(new ExitStatus(0, 0), Children.Reap(spawn.Start()));
        Assert.Equal("ü = 1|new|\n", Said());
    }

    [Theory]
    [InlineData(SpawnGroup.Parent, false, false)]
    [InlineData(SpawnGroup.Own, true, false)]
    [InlineData(SpawnGroup.OwnSession, true, true)]
    internal void A_child_is_in_the_group_and_session_asked_for(SpawnGroup group, bool ownGroup, bool ownSession)
    {
        var spawn = Of("cat", "/proc/self/stat") with
        {
            Group = group,
            Descriptors = new Dictionary<int, Descriptor> { [1] = _output.Write },
        };
        var pid = spawn.Start();
        Children.Reap(pid);

        var stat = Said().Split(' ');
        Assert.Equal((ownGroup, ownSession), (stat[4] == $"{pid}", stat[5] == $"{pid}"));
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var failure = Assert.Throws<Win32Exception>(() => Of("no-such-program").Start());

        Assert.Equal("posix_spawn /bin/no-such-program: No such file or directory", failure.Message);
    }

    [Fact]
    public void The_way_a_child_ended_is_told()
    {
        Assert.Equal(new ExitStatus(7, 0), Children.Reap(Of("sh", "-c", "exit 7").Start()));
        var killed = Children.Reap(Of("sh", "-c", "kill -9 $$").Start())!.Value;

        Assert.Equal((new ExitStatus(0, 9), 137, "was killed by signal 9"), (killed, killed.ShellCode, $"{killed}"));
    }

    [Fact]
    public void A_process_is_watched_signalled_and_reaped()
    {
        var pid = Of("sleep", "1000").Start();
        using var process = PidFd.TryOpen(pid)!;

        Assert.False(process.HasExited);
        Assert.Null(Children.TryReap(pid));
        Assert.False(process.Exited.WaitOne(TimeSpan.Zero));
        Assert.True(process.Signal(ProcessCalls.SigTerm));
        Assert.True(process.Exited.WaitOne());
        Assert.True(process.WaitForExit(Timeout.InfiniteTimeSpan));
        Assert.Equal(new ExitStatus(0, ProcessCalls.SigTerm), Children.TryReap(pid));
        Assert.False(process.Signal(ProcessCalls.SigTerm));
        Assert.Null(PidFd.TryOpen(pid));
        Assert.Null(Children.TryReap(pid));
    }

    [Fact]
    public void Who_stops_watching_a_process_that_lives_is_not_held_up()
    {
        var pid = Of("sleep", "1000").Start();
        using (var process = PidFd.TryOpen(pid)!)
        {
            Assert.False(process.Exited.WaitOne(TimeSpan.Zero));
        }

        using var again = PidFd.TryOpen(pid)!;
        Assert.True(again.Signal(ProcessCalls.SigKill));
        Assert.Equal(new ExitStatus(0, ProcessCalls.SigKill), Children.Reap(pid));
    }

    [Fact]
    public void A_pipe_that_nobody_reads_loses_lines_and_holds_nobody_up()
    {
        // 64 KiB fit; dd reports an error for what does not.
        var spawn = Of("dd", "if=/dev/zero", "bs=4096", "count=100", "status=none") with
        {
            Descriptors = new Dictionary<int, Descriptor> { [1] = _output.Write },
        };

        Assert.Equal(new ExitStatus(1, 0), Children.Reap(spawn.Start()));
    }

    private static Spawn Of(string program, params string[] arguments) => new("/bin/" + program, [program, .. arguments]);

    private string Run(string program, params string[] arguments) =>
        RunWith(new Dictionary<int, Descriptor> { [1] = _output.Write }, program, arguments);

    private string RunWith(Dictionary<int, Descriptor> descriptors, string program, params string[] arguments)
    {
        Assert.Equal(new ExitStatus(0, 0), Children.Reap((Of(program, arguments) with { Descriptors = descriptors }).Start()));
        return Said();
    }

    /// <summary>What lies in the pipe.</summary>
    private unsafe string Said()
    {
        _ = ProcessCalls.Fcntl(_output.Read.Number, ProcessCalls.FSetfl, ProcessCalls.ONonblock);
        var text = new List<byte>();
        var buffer = stackalloc byte[4096];
        for (nint count; (count = Read(buffer)) > 0;)
            text.AddRange(new ReadOnlySpan<byte>(buffer, (int)count));
        return System.Text.Encoding.UTF8.GetString([.. text]);
    }

    private unsafe nint Read(byte* buffer)
    {
        using var stream = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(_output.Read.Number, ownsHandle: false), FileAccess.Read, 0);
        try
        {
            return stream.Read(new Span<byte>(buffer, 4096));
        }
        catch (IOException)
        {
            return 0; // Nothing more for now.
        }
    }
}
