using System.Diagnostics;

namespace LxcfsAgent.Tests;

/// <summary>Where the source of LXCFS comes from.</summary>
public sealed class LxcfsSourceTests
{
    [Fact]
    public async Task What_has_another_checksum_is_not_built()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-source-").FullName;
        var (source, target) = ($"{folder}/source.tar.gz", $"{folder}/unpacked");
        await File.WriteAllTextAsync(source, "not the source", TestContext.Current.CancellationToken);
        using var fetch = Process.Start(new ProcessStartInfo("bash", [Path.Combine(DocumentationTests.Repository, "lxcfs-daemonset", "lxcfs", "fetch.sh"), target])
        {
            Environment = { ["LXCFS_SOURCE"] = source },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var error = await fetch.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await fetch.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, fetch.ExitCode);
        Assert.Contains("this is not the source of LXCFS 6.0.4: its SHA-256 has to be", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
        Directory.Delete(folder, recursive: true);
    }
}
