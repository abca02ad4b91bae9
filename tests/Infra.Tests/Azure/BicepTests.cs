using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Azure;

/// <summary>What the Bicep compiler itself can judge, without a network.</summary>
public sealed class BicepTests
{
    private static readonly Dictionary<string, string> Environment = new() { ["LXCFS_TOKENS"] = new string('0', 32) };

    public static TheoryData<string> Files() =>
    [
        .. Directory.EnumerateFiles(Repository.Infra, "*.bicep", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Infra, "*.bicepparam"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Nothing_is_found_in(string file)
    {
        // A type error is a warning and ends with 0: only an empty report says that there is none.
        var report = await RunAsync("lint", file, "--diagnostics-format", "sarif");

        Assert.Empty(JsonNode.Parse(report.Output)!["runs"]!.AsArray().SelectMany(run => run!["results"]!.AsArray()));
        Assert.Equal(0, report.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_formatter_would_change_nothing_in(string file) =>
        Assert.Equal(Repository.Read(file), (await RunAsync("format", file, "--stdout")).Succeeded());

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
