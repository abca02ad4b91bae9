using System.Text.RegularExpressions;
using LxcfsFunctions.Infra.Tests;

namespace Arm64.Tests;

/// <summary>The programs as they are built for arm64, by the tests of the other suites.</summary>
public sealed partial class ProgramTests
{
    /// <summary>What calls the kernel by way of QEMU stays out: open_tree, signals of a child and mounts are not emulated as a kernel has them.</summary>
    private static readonly string[] Decisions =
    [
        "Plans.PlanGoldenTests", "ControlGroupTests", "DecisionTests", "FileDescriptorLimitTests", "KnownDevicesTests", "MountInfoTests", "MountTableTests",
    ];

    /// <summary>The worker beside it is amd64's.</summary>
    [Fact]
    public async Task The_functions_answer_every_golden_review_with_the_bytes_of_amd64()
    {
        const string published = "LxcfsFunctions.Tests.Published.";
        var package = Emulated.Built("lxcfs-functions.zip");
        var result = await Emulated.RunAsync(
            Path.Combine(Repository.Root, "tests", "LxcfsFunctions.Tests", "bin", "Release", "net10.0", "LxcfsFunctions.Tests"),
            [
                "-noLogo", "-noColor", "-method", published + "PackagesTests.Both_answer_every_golden_review_with_the_same_bytes",
                "-method", published + "CommandLineTests.Inject_prints_the_manifest_of_the_golden_case_byte_for_byte",
            ],
            ("LXCFS_FUNCTIONS_PACKAGE", package));
        AssertPassed(result, atLeast: 2);
    }

    [Fact]
    public async Task The_agent_decides_as_on_amd64() => AssertPassed(
        await Emulated.RunAsync(Emulated.Built("unit-tests/LxcfsAgent.Tests"), ["-noLogo", "-noColor", .. Classes("LxcfsAgent.Tests", Decisions)]), atLeast: 200);

    [Fact]
    public async Task The_agent_starts()
    {
        var result = await Emulated.RunAsync(Emulated.Built("agent/lxcfs-agent"), ["health", "live"]);
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        Assert.NotEqual("", result.Output);
    }

    [Theory]
    [InlineData("package/lxcfs-functions")]
    [InlineData("agent/lxcfs-agent")]
    [InlineData("lxcfs/lxcfs")]
    [InlineData("lxcfs/liblxcfs.so")]
    public async Task It_is_a_program_of_arm64(string file)
    {
        const int machineOffset = 18, machine = 183;
        var head = new byte[machineOffset + 2];
        await using var stream = File.OpenRead(Emulated.Built(file));
        await stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        Assert.Equal(("\u007fELF", machine), ($"{(char)head[0]}{(char)head[1]}{(char)head[2]}{(char)head[3]}", BitConverter.ToUInt16(head, machineOffset)));
    }

    private static IEnumerable<string> Classes(string space, params string[] names) => names.SelectMany(name => new[] { "-class", $"{space}.{name}" });

    private static void AssertPassed(Command result, int atLeast)
    {
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var summary = Summary().Match(result.Output);
        Assert.True(summary.Success && int.Parse(summary.Groups[1].Value, null) >= atLeast, result.Output);
    }

    [GeneratedRegex(@"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0,")]
    private static partial Regex Summary();
}
