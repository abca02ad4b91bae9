using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Release.Tests;

/// <summary>What <c>prepare.sh</c> made, and how its commands run.</summary>
internal static partial class Repository
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!);

    /// <summary>The newest release of the changelog, by which <c>prepare.sh</c> built the programs.</summary>
    public static string Version { get; } = Heading().Match(File.ReadAllText(Path.Combine(Root, "CHANGELOG.md"))).Groups[1].Value;

    /// <summary>A file below <c>artifacts/release</c>.</summary>
    public static string Built(string path)
    {
        var built = Path.Combine(Root, "artifacts", "release", path);
        Assert.SkipUnless(Path.Exists(built), $"there is no {built}: tests/Release.Tests/prepare.sh makes it");
        return built;
    }

    /// <summary>Runs a program of this machine to its end, and says what it printed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Root };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}\n{await output}\n{await error}");
            return await output;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} has not ended after {Patience.TotalMinutes} minutes");
        }
    }

    [GeneratedRegex(@"^## \[(\d[^\]]*)\] - ", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
