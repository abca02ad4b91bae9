using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What our own C files do at moments that no container brings about at will: programs of units/, with the files that they test.</summary>
public sealed class UnitTests
{
    [Fact]
    [Trait("Change", "90-bounded-log")]
    public async Task No_thread_waits_for_a_reader_of_the_log() =>
        Assert.Equal("waiting=0\n", (await RunAsync("full-log", "log_line.c")).Output);

    [Fact]
    [Trait("Change", "90-bounded-log")]
    public async Task A_line_that_is_cut_is_a_line()
    {
        var lines = (await RunAsync("long-line", "log_line.c")).Error.Split('\n');
        Assert.Equal((3, 1022, "next", ""), (lines.Length, lines[0].Length, lines[1], lines[2]));
    }

    [Fact]
    [Trait("Change", "80-less-power")]
    public async Task An_unknown_call_is_told_once_a_second_and_no_thread_enters_a_namespace()
    {
        var result = await RunAsync("denied-calls", "less_power.c", "log_line.c");
        Assert.Equal("unknown=1000 namespaces=7 itself=1 other=0\n", result.Output);
        Assert.InRange(result.Error.Split('\n').Count(line => line == "denied system call unknown (100000)"), 1, 3);
        Assert.Contains("denied system call clone (", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Change", "80-less-power")]
    public async Task It_starts_where_its_bounding_set_can_t_be_changed()
    {
        const int sysBootStays = 1, sysAdminChrootPtraceAndReadSearch = 0x2c0004;
        Assert.Equal($"effective={sysAdminChrootPtraceAndReadSearch} bounding={sysBootStays}\n", (await RunAsync("few-capabilities", "less_power.c", "log_line.c")).Output);
    }

    [Fact]
    [Trait("Change", "21-fair-queue")]
    public async Task Containers_take_turns_and_none_has_more_than_four_at_work()
    {
        Assert.Equal("ababaa--b-ba and 9995\n", (await RunAsync("turns", "fair_queue.c")).Output);
    }

    [Fact]
    [Trait("Change", "21-fair-queue")]
    public async Task Namespaces_within_a_container_count_as_one_and_nobody_is_taken_for_another() => Assert.Equal(
        "one container=1, not ours=1, two namespaces=1\nitself=111 others=000 nobody=00\ngone=00\n", (await RunAsync("askers", "container.c")).Output);

    private static async Task<CommandResult> RunAsync(string unit, params string[] tested)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "gives up capabilities of root");
        var folder = Directory.CreateTempSubdirectory("lxcfs-unit-").FullName;
        try
        {
            var (units, sources) = (FilterList.InRepository("tests/Lxcfs.Tests/units"), FilterList.InRepository("lxcfs-daemonset/lxcfs/src"));
            // As build.sh makes it.
            await Command.RunAsync("sh", "-c",
                $"echo '#include <sys/syscall.h>' | cc -E -dM - | sed -nE 's/^#define __NR_([a-z0-9_]+) .*/NAME(\\1)/p' >{folder}/syscall_names.h");
            await Command.RunAsync("cc", ["-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-I", units, "-I", sources, "-I", folder, "-o", $"{folder}/{unit}",
                $"{units}/{unit}.c", .. tested.Select(file => $"{sources}/{file}")]);
            return await Command.TryAsync("timeout", "30", $"{folder}/{unit}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
