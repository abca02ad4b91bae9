using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What the agent's image is made of.</summary>
public sealed class ImageTests
{
    private static readonly string[] Programs =
    [
        "opt/lxcfs/lxcfs", "opt/lxcfs/v1/liblxcfs.so", "opt/lxcfs/v1/lxcfs", "opt/lxcfs/v2/liblxcfs.so", "opt/lxcfs/v2/lxcfs", "usr/bin/lxcfs-agent",
    ];

    [Fact]
    public void It_runs_the_agent_and_says_what_it_is()
    {
        var configuration = new OciArchive(Artifacts.Require("lxcfs-agent.tar")).Configuration;
        Assert.Equal(["/usr/bin/lxcfs-agent"], Strings(configuration["Entrypoint"]));
        Assert.Equal(["init"], Strings(configuration["Cmd"]));
        Assert.Equal("lxcfs-agent", (string?)configuration["Labels"]!["org.opencontainers.image.title"]);
        Assert.NotEqual("", (string?)configuration["Labels"]!["org.opencontainers.image.version"]);
    }

    [Fact]
    public void It_holds_the_agent_and_one_LXCFS_and_no_other_program()
    {
        var files = new OciArchive(Artifacts.Require("lxcfs-agent.tar")).Files;
        var executable = files.Where(file => file.Value.HasFlag(UnixFileMode.OtherExecute)).Select(file => file.Key);
        // The loader, and libc, which says its version when it is run. The rest is what a build mounts over.
        var programs = executable.Where(path => !path.StartsWith("lib", StringComparison.Ordinal) && !path.StartsWith("etc/", StringComparison.Ordinal));
        Assert.Equal(Programs, programs.Order(StringComparer.Ordinal));
        Assert.Contains("opt/lxcfs/liblxcfs.so", files.Keys);
    }

    [Theory]
    [InlineData("/opt/lxcfs/lxcfs")]
    [InlineData("/opt/lxcfs/v1/lxcfs")]
    [InlineData("/opt/lxcfs/v2/lxcfs")]
    public async Task Its_LXCFS_says_that_it_is_ours_and_needs_no_variable_to_find_its_library(string program)
    {
        await using var node = await Node.StartAsync();
        var image = await node.ImageAsync("lxcfs");
        var (said, tries) = ("", 0);
        // ctr can miss what a program says that ends at once.
        await Eventually.TrueAsync(
            async () =>
            {
                var result = await node.TryAsync(["ctr", "run", "--rm", image, $"version-{tries++}", program, "--version"]);
                said = (result.Output + result.Error).Trim().Trim('"');
                return said.Length > 0;
            },
            () => "it says nothing");
        Assert.StartsWith("6.0.4+lxcfsfunctions", said, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Strings(JsonNode? array) => array!.AsArray().Select(item => item!.GetValue<string>());
}
