namespace LxcfsFunctions.Infra.Tests.Release;

/// <summary>The parts of a release that need neither a registry nor a compiler.</summary>
public sealed class ScriptTests
{
    [Theory]
    [InlineData("1.0.0", 0, "")]
    [InlineData("v1.0.0", 1, "not a version")]
    [InlineData("1.0", 1, "not a version")]
    [InlineData("1.0.0;ls", 1, "not a version")]
    [InlineData("987.6.5", 1, "CHANGELOG.md has no heading ## [987.6.5] - DATE")]
    [InlineData("1.0.", 1, "not a version")]
    public async Task A_version_is_released_that_the_changelog_has(string version, int code, string error)
    {
        var result = await Command.RunAsync(Script("check-version.sh"), [version]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_notes_are_what_the_changelog_says_of_the_version()
    {
        var notes = (await Command.RunAsync(Script("notes.sh"), ["1.0.0"])).Succeeded().Trim();
        Assert.StartsWith("The admission functions on Azure Functions", notes, StringComparison.Ordinal);
        Assert.EndsWith(notes, Repository.Read("CHANGELOG.md").Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_of_the_notes_lead_to_the_files_at_the_tag()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(
            folder.Path + "/CHANGELOG.md",
            "## [1.2.3] - 2027-01-31\n\n[a](docs/a.md#b), [c](https://c/d), [e](f.md) and [g](#h).\n\n## [1.2.2] - 2027-01-30\n",
            TestContext.Current.CancellationToken);
        var script = Directory.CreateDirectory(folder.Path + "/infra/release").FullName + "/notes.sh";
        File.Copy(Script("notes.sh"), script);

        var notes = (await Command.RunAsync(script, ["1.2.3"], new Dictionary<string, string> { ["GITHUB_SERVER_URL"] = "https://hub", ["GITHUB_REPOSITORY"] = "o/r" })).Succeeded();

        Assert.Equal("[a](https://hub/o/r/blob/v1.2.3/docs/a.md#b), [c](https://c/d), [e](https://hub/o/r/blob/v1.2.3/f.md) and [g](#h).", notes.Trim());
    }

    [Fact]
    public void The_changelog_keeps_its_form()
    {
        var headings = Repository.Read("CHANGELOG.md").Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).ToArray();
        Assert.Equal("## [Unreleased]", headings[0]);
        Assert.NotEmpty(headings[1..]);
        Assert.All(headings[1..], heading => Assert.Matches(@"^## \[\d+\.\d+\.\d+(-[\w.]+)?\] - \d{4}-\d{2}-\d{2}$", heading));
    }

    /// <summary>A file that was not built fails the release; one that is there has its checksum.</summary>
    [Fact]
    public async Task All_that_is_released_has_its_checksum()
    {
        using var folder = new Folder();
        string[] files =
        [
            "lxcfs-functions-1.2.3.zip", "lxcfs-functions-worker-1.2.3.zip", "lxcfs-functions-1.2.3-linux-x64.tar.gz", "lxcfs-functions-1.2.3-linux-arm64.tar.gz",
            "install-service.yaml", "install-url.yaml", "images.txt",
            .. new[] { "agent-amd64", "agent-arm64", "functions-amd64", "functions-arm64" }.SelectMany(image => new[] { $"lxcfs-{image}.oci.tar", $"lxcfs-{image}.spdx.json" }),
        ];
        foreach (var file in files)
        {
            Assert.NotEqual(0, (await Command.RunAsync(Script("collect.sh"), ["1.2.3", folder.Path, folder.Path + "/out"])).ExitCode);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, file), file, TestContext.Current.CancellationToken);
        }

        (await Command.RunAsync(Script("collect.sh"), ["1.2.3", folder.Path, folder.Path + "/out"])).Succeeded();
        var checkedFiles = (await Command.RunAsync("sha256sum", ["--check", "SHA256SUMS"], folder: folder.Path + "/out")).Succeeded();
        Assert.Equal(files.Select(file => $"{file}: OK").Order(StringComparer.Ordinal), checkedFiles.Trim().Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(files.Append("SHA256SUMS").Order(StringComparer.Ordinal), Directory.GetFiles(folder.Path + "/out").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    /// <summary>gh writes down what it is asked; a first version that is tried must not become what everybody installs.</summary>
    [Theory]
    [InlineData("1.2.3", "")]
    [InlineData("1.2.3-rc.1", " --prerelease --latest=false")]
    public async Task A_version_with_a_suffix_is_a_prerelease(string version, string kind)
    {
        using var folder = new Folder();
        var bin = Directory.CreateDirectory(folder.Path + "/bin").FullName;
        var files = Directory.CreateDirectory(folder.Path + "/files").FullName;
        await File.WriteAllTextAsync(bin + "/gh", "#!/bin/sh\necho \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(bin + "/gh", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(files + "/SHA256SUMS", "", TestContext.Current.CancellationToken);

        var asked = (await Command.RunAsync(
            Script("publish.sh"), [version, files, "notes.md"], new Dictionary<string, string> { ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}" })).Succeeded();
        Assert.Equal($"release create v{version} --verify-tag --title v{version} --notes-file notes.md{kind} {files}/SHA256SUMS\n", asked);
    }

    internal static string Script(string name) => Path.Combine(Repository.Infra, "release", name);

    internal sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lxcfs-release-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
