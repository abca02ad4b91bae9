using System.Security.Cryptography;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

public sealed class BuildTests
{
    private const string Agent = "usr/bin/lxcfs-agent";

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
        var (image, builds) = (await FilesAsync(node, "lxcfs"), await FilesAsync(node, "lxcfs-builds"));
        Assert.Equal(image[$"opt/lxcfs/{file}"], builds[$"builds/again/{file}"]);
    }

    /// <summary>All but the agent itself, which is published beforehand; the same packages of the base make both.</summary>
    [Fact]
    public async Task An_image_that_is_built_again_has_the_same_files()
    {
        await using var node = await Node.StartAsync();
        var (image, again) = (await FilesAsync(node, "lxcfs-agent"), await FilesAsync(node, "lxcfs-again"));
        Measured.Print($"the agent's image has {image.Count} files of {image.Values.Sum(file => file.Length) >> 10} KiB, and is a download of {new FileInfo(Artifacts.Require("lxcfs-agent.tar")).Length >> 10} KiB");
        Assert.True(image.Remove(Agent));
        Assert.Equal(again.Select(file => $"{file.Key} {file.Value}"), image.Select(file => $"{file.Key} {file.Value}"));
    }

    /// <summary>That is how the tests of LXCFS 7 find out that they are left out, once Debian has another.</summary>
    [Fact]
    public async Task A_build_that_Debian_no_longer_has_is_not_there()
    {
        await using var node = await Node.StartAsync();
        Assert.True(await Rig.LxcfsContainer.HasAsync(node, Rig.Build.Packaged));
        Assert.False(await Rig.LxcfsContainer.HasAsync(node, (Rig.Build)int.MaxValue));
    }

    private sealed record ImageFile(long Length, UnixFileMode Mode, string Content);

    private static async Task<SortedDictionary<string, ImageFile>> FilesAsync(Node node, string image)
    {
        var folder = Path.Combine(node.Folder, image);
        Directory.CreateDirectory(folder);
        await node.RunAsync("ctr", "images", "mount", await node.ImageAsync(image), folder);
        var root = node.FromOutside(folder);
        SortedDictionary<string, ImageFile> files = new(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var content = file.LinkTarget ?? Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken)));
            files.Add(Path.GetRelativePath(root, file.FullName), new(file.LinkTarget is null ? file.Length : 0, file.UnixFileMode, content));
        }

        return files;
    }
}
