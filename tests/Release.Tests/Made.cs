using System.Text.RegularExpressions;
using LxcfsFunctions.Infra.Tests;

namespace Release.Tests;

/// <summary>What <c>prepare.sh</c> made, and how its commands run.</summary>
internal static partial class Made
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>The newest release of the changelog, by which <c>prepare.sh</c> built the programs.</summary>
    public static string Version { get; } = Heading().Match(File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md"))).Groups[1].Value;

    /// <summary>A file below <c>artifacts/release</c>.</summary>
    public static string Built(string path)
    {
        var built = Path.Combine(Repository.Root, "artifacts", "release", path);
        Assert.SkipUnless(Path.Exists(built), $"there is no {built}: tests/Release.Tests/prepare.sh makes it");
        return built;
    }

    /// <summary>Runs a program of this machine to its end, and says what it printed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null) =>
        (await Command.RunAsync(program, arguments, environment, folder: folder, limit: Patience)).Succeeded();

    [GeneratedRegex(@"^## \[(\d[^\]]*)\] - ", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
