using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>What a developer sees who starts it with nothing set.</summary>
public sealed class LaptopTests
{
    private static readonly string Built = Path.Combine(Repository.Root, "functions", "bin", "Release", "net10.0", "lxcfs-functions");

    [Fact]
    public async Task The_curl_line_that_it_prints_works_as_printed()
    {
        var home = Directory.CreateTempSubdirectory("lxcfs-home-").FullName;
        var port = Running.FreePort();
        // As the README prints it, but of the build that is there: a developer's is another, and takes its time.
        await using var program = new Running(
            "bash", [("Configuration", "Release"), ("XDG_DATA_HOME", Path.Combine(home, "data")), ("Lxcfs__Port", $"{port}")], Repository.Root,
            ["-c", "exec dotnet run --project functions"]);
        using var client = Requests.Trusting();
        await program.AnswersAsync(client, $"https://127.0.0.1:{port}/healthz", TimeSpan.FromMinutes(5));
        await program.PrintsAsync("curl ");
        var line = Assert.Single(program.Output.Split('\n'), line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal));
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", line + " --silent --show-error --fail"]) { RedirectStandardOutput = true })!;
        var answer = JsonNode.Parse(await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("JSONPatch", (string?)answer["response"]!["patchType"]);

        var key = Directory.GetFiles(home, "localhost.key", SearchOption.AllDirectories);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(key)));
        Assert.Equal(0, await program.TerminateAsync());
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Every_mistake_in_the_settings_is_listed_with_its_key_and_it_does_not_start()
    {
        await using var program = new Running(Built,
        [
            ("Lxcfs__Root", "lxcfs"), ("Lxcfs__Files", "/proc/meminfo,/proc/pressure/cpu"), ("Lxcfs__Env", "cuda"), ("Lxcfs__Port", "70000"),
            ("Lxcfs__Tokens", "short"), ("Lxcfs__AllowAnonymous", "perhaps"), ("Lxcfs__Toknes", "x"), ("Lxcfs__CertificateKeyFile", "/nowhere"),
        ]);
        Assert.Equal(78, await program.ExitAsync());
        foreach (var key in new[] { "Root", "Files", "Env", "Port", "Tokens", "AllowAnonymous", "Toknes", "CertificateKeyFile" })
            Assert.Contains($"Lxcfs__{key}", program.Output, StringComparison.Ordinal);
        Assert.Contains("/proc/pressure/cpu", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("short", program.Output, StringComparison.Ordinal);
    }
}
