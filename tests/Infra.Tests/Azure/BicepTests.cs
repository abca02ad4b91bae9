using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Azure;

/// <summary>What the Bicep compiler itself can judge, without a network.</summary>
public sealed class BicepTests
{
    private static readonly Dictionary<string, string> Environment = new() { ["LXCFS_TOKENS"] = new string('0', 32) };

    /// <summary>Paths from the repository's root, of parameters too.</summary>
    private static string[] Files { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Infra, "*.bicep*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Fact]
    public async Task Nothing_is_found_in_any_file()
    {
        // A type error is a warning and ends with 0: only an empty report for each says that there is none.
        var report = await RunAsync("lint", "--pattern", "infra/**/*.bicep*", "--diagnostics-format", "sarif");

        Assert.True(report.ExitCode == 0 && Regex.Count(report.Output, "\"results\": \\[\\],") == Files.Length, report.Output + report.Error);
    }

    [Fact]
    public async Task The_formatter_would_change_nothing()
    {
        using var checkout = new Checkout();

        (await RunAsync("format", "--pattern", checkout.PathOf("infra/**/*.bicep*"))).Succeeded();

        Assert.All(Files, file => Assert.Equal(Repository.Read(file), File.ReadAllText(checkout.PathOf(file))));
    }

    [Fact]
    public async Task The_parameters_come_from_the_environment()
    {
        var built = (await RunAsync("build-params", "infra/main.bicepparam", "--stdout")).Succeeded();
        var parameters = JsonNode.Parse((string)JsonNode.Parse(built)!["parametersJson"]!)!["parameters"]!;

        Assert.Equal(Environment["LXCFS_TOKENS"], (string?)parameters["tokens"]!["value"]);
        Assert.Empty(parameters["apiServerAddresses"]!["value"]!.AsArray());
    }

    [Fact]
    public async Task Without_tokens_nothing_is_built() => Assert.Contains(
        "LXCFS_TOKENS",
        (await Command.RunAsync("env", ["-u", "LXCFS_TOKENS", Repository.Bicep, "build-params", "infra/main.bicepparam", "--stdout"])).Error,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_deployment_would_make_what_the_committed_snapshot_says()
    {
        var nobody = Guid.Empty.ToString();
        var validated = await RunAsync(
            "snapshot", "infra/main.bicepparam", "--mode", Repository.UpdatesGolden ? "overwrite" : "validate", "--subscription-id", nobody,
            "--tenant-id", nobody, "--resource-group", "lxcfs", "--location", "westeurope", "--deployment-name", "main");

        Assert.True(validated.ExitCode == 0, $"UPDATE_GOLDEN=1 rewrites infra/main.snapshot.json.\n{validated.Output}{validated.Error}");
    }

    [Fact]
    public void The_snapshot_holds_no_token() =>
        Assert.DoesNotContain(Environment["LXCFS_TOKENS"], Repository.Read("infra/main.snapshot.json"), StringComparison.Ordinal);

    private static Task<Command> RunAsync(params string[] arguments) => Command.RunAsync(Repository.Bicep, arguments, Environment);
}
