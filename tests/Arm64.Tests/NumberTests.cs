using System.Text.RegularExpressions;
using LxcfsFunctions.Infra.Tests;

namespace Arm64.Tests;

/// <summary>The agent's numbers are those of the headers: QEMU has no call of many of them, so a compiler says what they are.</summary>
public sealed partial class NumberTests
{
    /// <summary>Constants of the agent, and the names that C has for them.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["AtEmptyPath"] = "AT_EMPTY_PATH",
        ["AtStatxDontSync"] = "AT_STATX_DONT_SYNC",
        ["OCreat"] = "O_CREAT",
        ["OCloexec"] = "O_CLOEXEC",
        ["OPath"] = "O_PATH",
        ["ORdwr"] = "O_RDWR",
        ["ONonblock"] = "O_NONBLOCK",
        ["CloneFs"] = "CLONE_FS",
        ["CloneNewns"] = "CLONE_NEWNS",
        ["MntDetach"] = "MNT_DETACH",
        ["UmountNofollow"] = "UMOUNT_NOFOLLOW",
        ["OpenTreeClone"] = "OPEN_TREE_CLONE",
        ["MoveMountFEmptyPath"] = "MOVE_MOUNT_F_EMPTY_PATH",
        ["MoveMountTEmptyPath"] = "MOVE_MOUNT_T_EMPTY_PATH",
        ["MsRemount"] = "MS_REMOUNT",
        ["MsBind"] = "MS_BIND",
        ["MsRec"] = "MS_REC",
        ["MsPrivate"] = "MS_PRIVATE",
        ["Enosys"] = "ENOSYS",
        ["SysOpenTree"] = "SYS_open_tree",
        ["SysMoveMount"] = "SYS_move_mount",
        ["SysMountSetattr"] = "SYS_mount_setattr",
        ["SysPidFdSendSignal"] = "SYS_pidfd_send_signal",
        ["SysPidFdOpen"] = "SYS_pidfd_open",
        ["FGetlk"] = "F_GETLK",
        ["FWrlck"] = "F_WRLCK",
        ["FDupfdCloexec"] = "F_DUPFD_CLOEXEC",
        ["PrSetChildSubreaper"] = "PR_SET_CHILD_SUBREAPER",
        ["SpawnSetPgroup"] = "POSIX_SPAWN_SETPGROUP",
        ["SpawnSetSigDef"] = "POSIX_SPAWN_SETSIGDEF",
        ["SpawnSetSigMask"] = "POSIX_SPAWN_SETSIGMASK",
        ["SpawnSetSid"] = "POSIX_SPAWN_SETSID",
        ["RlimitNofile"] = "RLIMIT_NOFILE",
    };

    [Fact]
    public async Task Each_number_that_the_agent_calls_the_kernel_with_is_arm64_s()
    {
        var native = Path.Combine(Repository.Root, "lxcfs-daemonset", "agent", "Native");
        var code = string.Concat(Directory.GetFiles(native, "*.cs").Select(File.ReadAllText));
        var values = Constant().Matches(code).GroupBy(match => match.Groups[1].Value).ToDictionary(group => group.Key, group => group.First().Groups[2].Value);
        // The two that differ: the first number is arm64's.
        var differing = Differing().Matches(code).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Equal(["ODirectory", "ONofollow"], differing.Keys.Order());

        var lines = Names.Select(name => Assertion(values[name.Key], name.Value))
            .Append(Assertion(differing["ODirectory"], "O_DIRECTORY")).Append(Assertion(differing["ONofollow"], "O_NOFOLLOW"))
            .Append("_Static_assert(sizeof(posix_spawnattr_t) <= 512 && sizeof(posix_spawn_file_actions_t) <= 512 && sizeof(sigset_t) <= 512, \"OpaqueSize\");")
            .Append("_Static_assert(offsetof(struct flock, l_pid) == 24 && offsetof(struct statx, stx_dev_major) == 136, \"layout\");");
        var source = Path.Combine(Directory.CreateTempSubdirectory("lxcfs-numbers-").FullName, "numbers.c");
        try
        {
            await File.WriteAllTextAsync(source, Headers + string.Join('\n', lines) + "\n", TestContext.Current.CancellationToken);
            var result = await Emulated.StartAsync("clang", ["--target=aarch64-linux-gnu", $"--sysroot={Emulated.Built("system")}", "-fsyntax-only", source]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(source)!, recursive: true);
        }
    }

    private const string Headers = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <sched.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stddef.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/resource.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>

        """;

    private static string Assertion(string value, string name) => $"_Static_assert({value} == {name}, \"{name}\");";

    [GeneratedRegex(@"\bconst \w+ (\w+) = ([^;]+);")]
    private static partial Regex Constant();

    [GeneratedRegex(@"public static int (\w+) => RuntimeInformation\.ProcessArchitecture == Architecture\.Arm64 \? (\w+) :")]
    private static partial Regex Differing();
}
