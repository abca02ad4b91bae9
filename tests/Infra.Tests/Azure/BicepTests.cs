using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Azure;

/// <summary>What the Bicep compiler itself can judge, without a network.</summary>
public sealed class BicepTests
{
    private static readonly Dictionary<string, string> Environment = new() { ["LXCFS_TOKENS"] = new string('0', 32) };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

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

    /// <summary>The other runtime's, made beside, since a snapshot has its parameters' name.</summary>
    [Fact]
    public async Task So_it_is_with_the_custom_handler()
    {
        using var checkout = new Checkout();
        var environment = new Dictionary<string, string>(Environment) { ["LXCFS_RUNTIME"] = "custom" };
        (await Command.RunAsync(
            Repository.Bicep,
            [
                "snapshot", checkout.PathOf("infra/main.bicepparam"), "--mode", "overwrite", "--subscription-id", $"{Guid.Empty}",
                "--tenant-id", $"{Guid.Empty}", "--resource-group", "lxcfs", "--location", "westeurope", "--deployment-name", "main",
            ],
            environment)).Succeeded();
        var snapshot = JsonNode.Parse(await File.ReadAllTextAsync(checkout.PathOf("infra/main.snapshot.json"), TestContext.Current.CancellationToken))!;
        // They come in any order.
        snapshot["outputs"] = new JsonObject(snapshot["outputs"]!.AsObject().OrderBy(output => output.Key, StringComparer.Ordinal)
            .Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone())));
        Golden.Compare("azure/custom.snapshot.json", snapshot.ToJsonString(Indented) + "\n");
    }

    [Theory]
    [InlineData("infra/main.snapshot.json")]
    [InlineData("tests/Infra.Tests/TestData/azure/custom.snapshot.json")]
    public void No_snapshot_holds_a_token(string snapshot) =>
        Assert.DoesNotContain(Environment["LXCFS_TOKENS"], Repository.Read(snapshot), StringComparison.Ordinal);

    private static Task<Command> RunAsync(params string[] arguments) => Command.RunAsync(Repository.Bicep, arguments, Environment);
}
