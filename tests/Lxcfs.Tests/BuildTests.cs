using System.Security.Cryptography;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

public sealed class BuildTests
{
    [Fact]
    [Trait("Change", "00-ours")]
    public async Task Its_version_says_that_it_is_ours()
    {
        await using var node = await Node.StartAsync();
        var printed = Path.Combine(node.Folder, "version");
        await node.RunAsync("ctr", "run", "--rm", "--log-uri", $"file://{printed}", await node.ImageAsync("lxcfs"), "version", "/opt/lxcfs/lxcfs", "--version");
        Assert.Equal("\"6.0.4+lxcfsfunctions1\"\n", await File.ReadAllTextAsync(printed, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("lxcfs")]
    [InlineData("liblxcfs.so")]
    public async Task Another_build_elsewhere_from_the_same_source_is_the_same_file(string file)
    {
        await using var node = await Node.StartAsync();
        Assert.Equal(await HashAsync(node, "lxcfs", $"opt/lxcfs/{file}"), await HashAsync(node, "lxcfs-builds", $"builds/again/{file}"));
    }

    private static async Task<string> HashAsync(Node node, string image, string path)
    {
        var folder = Path.Combine(node.Folder, image);
        Directory.CreateDirectory(folder);
        await node.RunAsync("ctr", "images", "mount", await node.ImageAsync(image), folder);
        await using var file = File.OpenRead(node.FromOutside($"{folder}/{path}"));
        return Convert.ToHexString(await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken));
    }
}
