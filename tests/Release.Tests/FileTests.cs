using System.Diagnostics;
using System.IO.Compression;
using LxcfsFunctions.Infra.Tests;

namespace Release.Tests;

/// <summary>The files that would be attached to the release.</summary>
public sealed class FileTests(DryRun release)
{
    [Fact]
    public async Task Each_has_its_checksum()
    {
        var said = await Made.RunAsync("sha256sum", ["--check", "--strict", "SHA256SUMS"], folder: release.Released);
        var files = Directory.GetFiles(release.Released).Select(file => Path.GetFileName(file)).Where(file => file != "SHA256SUMS");
        Assert.Equal(files.Select(file => $"{file}: OK").Order(StringComparer.Ordinal), said.Trim().Split('\n').Order(StringComparer.Ordinal));
        Assert.Contains("lxcfs-agent-arm64.oci.tar", files);
    }

    [Theory]
    [InlineData("x64")]
    [InlineData("arm64")]
    public async Task The_executable_says_the_version(string architecture)
    {
        using var folder = new Folder();
        await Made.RunAsync("tar", ["-xzf", Path.Combine(release.Released, $"lxcfs-functions-{Made.Version}-linux-{architecture}.tar.gz"), "-C", folder.Path]);
        // Its libraries are a machine's of its architecture, which the other suite has.
        var said = await Made.RunAsync(Path.Combine(Repository.Root, "tests", "Arm64.Tests", "emulate.sh"), [Path.Combine(folder.Path, "lxcfs-functions"), "--version"]);
        Assert.Matches($@"^{Made.Version}\+[0-9a-f]{{40}}\n$", said);
    }

    [Fact]
    public async Task The_package_with_the_native_executable_says_the_version()
    {
        using var folder = new Folder();
        await ZipFile.ExtractToDirectoryAsync(Path.Combine(release.Released, $"lxcfs-functions-{Made.Version}.zip"), folder.Path, TestContext.Current.CancellationToken);
        var said = await Made.RunAsync(Path.Combine(folder.Path, "lxcfs-functions"), ["--version"]);
        Assert.Matches($@"^{Made.Version}\+[0-9a-f]{{40}}\n$", said);
    }

    [Fact]
    public async Task The_worker_s_assembly_says_the_version()
    {
        using var folder = new Folder();
        await ZipFile.ExtractToDirectoryAsync(
            Path.Combine(release.Released, $"lxcfs-functions-worker-{Made.Version}.zip"), folder.Path, TestContext.Current.CancellationToken);
        var said = FileVersionInfo.GetVersionInfo(Path.Combine(folder.Path, "lxcfs-functions-worker.dll")).ProductVersion;
        Assert.Matches($@"^{Made.Version}\+[0-9a-f]{{40}}$", said);
    }

    [Fact]
    public void The_manifest_of_the_mode_in_the_cluster_names_both_images_by_the_version()
    {
        var images = File.ReadLines(Path.Combine(release.Released, "install-service.yaml"))
            .Select(line => line.Trim().TrimStart('-', ' ')).Where(line => line.StartsWith("image:", StringComparison.Ordinal)).Select(line => line["image:".Length..].Trim());
        Assert.Equal(DryRun.Images.Select(image => $"{release.Registry.Name}/me/{image}:{Made.Version}"), images.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_notes_are_the_changelog_s()
    {
        Assert.NotEqual("", release.Notes.Trim());
        Assert.DoesNotContain("## [", release.Notes, StringComparison.Ordinal);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lxcfs-released-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
