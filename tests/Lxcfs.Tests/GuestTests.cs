using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

public sealed class GuestTests
{
    [Fact]
    [Trait("Beside", "LxcfsGuest")]
    public async Task The_tests_marked_for_it_pass_on_a_kernel_with_cgroup_v2_alone()
    {
        Assert.SkipWhen(Node.IsGuest, "this is the guest");
        var (console, results) = await Guest.RunAsync("lxcfs-guest");
        foreach (var line in console.Split('\n').Where(line => line.StartsWith(Measured.Prefix, StringComparison.Ordinal)))
            Measured.Print($"in the guest: {line[Measured.Prefix.Length..].TrimEnd()}");
        var assembly = results.Element("assembly")!;
        Assert.True((string?)assembly.Attribute("failed") == "0" && (string?)assembly.Attribute("errors") == "0", console);
        Assert.Equal("0", (string?)assembly.Attribute("skipped"));
        Assert.NotEqual("0", (string?)assembly.Attribute("passed"));
    }
}
