using System.Globalization;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

/// <summary>The program's own first process. A script stands where LXCFS is; that one is tried with the node's tests.</summary>
public sealed class InitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_agent_that_is_killed_is_started_again_below_the_same_init_which_ends_with_the_agent_s_code()
    {
        using var init = InitProcess.Start(_folder);
        var agent = await init.LiveAgentAsync();
        for (var kill = 0; kill < 3; kill++)
        {
            Assert.Equal(0, Libc.Kill(agent, ProcessCalls.SigKill));
            agent = await init.LiveAgentAsync(otherThan: agent);
        }

        // Nothing answers at ROOT: there is no LXCFS on this machine.
        Assert.Equal(1, await init.HealthAsync("ready"));
        Assert.Equal(3, init.Said.Split("it is started again").Length - 1);
        Assert.Equal(0, Libc.Kill(init.Pid, ProcessCalls.SigTerm));
        Assert.Equal(0, await init.EndAsync());
    }

    [Fact]
    public async Task A_signal_to_init_is_the_agent_s_and_one_that_ends_it_ends_init()
    {
        using var init = InitProcess.Start(_folder);
        var agent = await init.LiveAgentAsync();
        // It can't be asked to end while it is stopped, and so ends by what comes next.
        _ = Libc.Kill(agent, SigStop);
        await InitProcess.UntilAsync(() => IsStopped(agent));
        Assert.Equal(0, Libc.Kill(init.Pid, ProcessCalls.SigTerm));
        await InitProcess.UntilAsync(() => Pending(agent));
        Assert.Equal(0, Libc.Kill(agent, ProcessCalls.SigKill));

        Assert.Equal(128 + ProcessCalls.SigKill, await init.EndAsync());
    }

    [Fact]
    public async Task An_agent_that_fails_to_start_is_tried_again_until_init_is_told_to_stop()
    {
        // An address of documentation's (RFC 3849), which no machine has.
        using var init = InitProcess.Start(_folder, ("LISTEN", "[2001:db8::1]:8081"));
        await init.StartsAsync();
        await InitProcess.UntilAsync(() => init.Said.Split("it is started again").Length > 3);
        Assert.Contains("ended with code 1 after", init.Said, StringComparison.Ordinal);
        Assert.Equal(0, Libc.Kill(init.Pid, ProcessCalls.SigTerm));

        // Its last agent was between two starts, or ended by the signal before it could take it.
        Assert.Contains(await init.EndAsync(), (int[])[1, 128 + ProcessCalls.SigTerm]);
    }

    [Fact]
    public async Task Settings_that_can_not_be_used_end_init_with_the_agent_s_code()
    {
        using var init = InitProcess.Start(_folder, ("LISTEN", "nowhere"));

        Assert.Equal(78, await init.EndAsync());
    }

    [Fact]
    public async Task What_an_agent_leaves_lives_on_below_init_can_still_speak_and_is_reaped()
    {
        var script = _folder + "/lxcfs";
        File.WriteAllText(
            script,
            $"""
            #!/bin/sh
            mkdir {_folder}/first 2>/dev/null || exit 1
            exec 9>/proc/$PPID/fd/4
            mkfifo {_folder}/speak {_folder}/end
            echo $$ >{_folder}/pid && mv {_folder}/pid {_folder}/first/pid
            read word <{_folder}/speak
            line=0
            while [ $line -lt 1000 ]; do echo "what LXCFS says" >&9 || exit 1; line=$((line + 1)); done
            echo spoken >{_folder}/spoken
            read word <{_folder}/end
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var init = InitProcess.Start(_folder, ("LXCFS_V1", script), ("LXCFS_V2", script));
        var agent = await init.LiveAgentAsync();
        await InitProcess.UntilAsync(() => File.Exists(_folder + "/first/pid"));
        var inner = File.ReadAllText(_folder + "/first/pid").Trim();
        var lxcfs = InitProcess.ChildrenOf(agent).Single(pid => File.ReadAllText($"/proc/{pid}/status").Contains($"NSpid:\t{pid}\t{inner}\n", StringComparison.Ordinal));

        Assert.Equal(0, Libc.Kill(agent, ProcessCalls.SigKill));
        await InitProcess.UntilAsync(() => InitProcess.ParentOf(lxcfs) == init.Pid);
        // Some 16 KB, which fit into the pipe: until the next agent reads, nobody does.
        File.WriteAllText(_folder + "/speak", "go\n");
        await InitProcess.UntilAsync(() => File.Exists(_folder + "/spoken") || InitProcess.ParentOf(lxcfs) is null);
        Assert.True(File.Exists(_folder + "/spoken"), "it ended with what it said");
        File.WriteAllText(_folder + "/end", "go\n");

        // Not even a zombie is left.
        await InitProcess.UntilAsync(() => !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{lxcfs}")));
        await init.LiveAgentAsync(otherThan: agent);
    }

    private const int SigStop = 19;

    /// <summary>Each thread stops by itself, and one that has not yet takes another signal first.</summary>
    private static bool IsStopped(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task")
        .All(thread => File.ReadAllText(thread + "/stat").Split(") ")[^1].StartsWith('T'));

    private static bool Pending(int pid) =>
        File.ReadLines($"/proc/{pid}/status").Any(line => line.StartsWith("ShdPnd:", StringComparison.Ordinal) && line.EndsWith("4000", StringComparison.Ordinal));
}
