using LxcfsFunctions.Infra.Tests;

namespace Arm64.Tests;

/// <summary>LXCFS as its image builds it, for arm64, with the C library of the image's base.</summary>
public sealed class LxcfsTests
{
    [Fact]
    public async Task It_starts_with_all_of_its_libraries()
    {
        var result = await Emulated.RunAsync(Emulated.Built("lxcfs/lxcfs"), ["--version"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Matches(@"^""[\d.]+\+lxcfsfunctions\d+""\n$", result.Error);
    }

    /// <summary>A call that arm64 lacks would not compile; one that an #ifdef leaves out would be denied at work.</summary>
    [Fact]
    public async Task The_filter_has_a_call_of_arm64_for_each_older_one_of_amd64()
    {
        var here = await CallsAsync([]);
        var there = await CallsAsync(["--target=aarch64-linux-gnu", $"--sysroot={Emulated.Built("system")}"]);
        string[] older = ["access", "poll", "readlink", "unlink"];
        Assert.Equal(older, here.Except(there).Order());
        Assert.Equal(["faccessat", "ppoll", "readlinkat", "unlinkat"], there.Except(here).Order());
    }

    private static async Task<string[]> CallsAsync(string[] target)
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-calls-").FullName;
        try
        {
            // The names as they are left when the preprocessor has seen the machine's headers, and the numbers, which have to exist.
            var source = Path.Combine(folder, "calls.c");
            var list = Path.Combine(Repository.Root, "lxcfs-daemonset", "lxcfs", "src", "filter_calls.h");
            await File.WriteAllTextAsync(
                source,
                $"""
                 #include <sys/syscall.h>
                 #define CALL(name) NAME_##name SYS_##name;
                 #define CALL_IF(name, argument, mask, value) CALL(name)
                 #define CALL_ITSELF(name) CALL(name)
                 #define REFUSE(name, error) CALL(name)
                 #include "{list}"

                 """,
                TestContext.Current.CancellationToken);
            var result = await Emulated.StartAsync("clang", [.. target, "-E", "-P", source]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            var calls = result.Output.Split('\n').SelectMany(line => line.Split(';')).Select(call => call.Trim().Split(' ')).Where(call => call[0].StartsWith("NAME_", StringComparison.Ordinal)).ToArray();
            Assert.All(calls, call => Assert.True(int.TryParse(call[1], out _), $"{call[0]} has no number: {call[1]}"));
            return [.. calls.Select(call => call[0]["NAME_".Length..])];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
