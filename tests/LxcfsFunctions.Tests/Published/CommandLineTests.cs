using System.Diagnostics;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The commands of the published executable: what they print where, and how they end.</summary>
public sealed class CommandLineTests(Package package) : IClassFixture<Package>
{
    private const string Pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: x\n";

    [Fact]
    public async Task Inject_prints_the_manifest_of_the_golden_case_byte_for_byte()
    {
        var folder = Path.Combine(Repository.TestData, "manifests", "crlf");
        var (code, output, error) = await RunAsync(["inject", "-f", Path.Combine(folder, "in.yaml")]);
        Assert.Equal((0, await File.ReadAllTextAsync(Path.Combine(folder, "out.yaml"), TestContext.Current.CancellationToken)), (code, output));
        Assert.Contains("in.yaml:2: warning: DaemonSet collector: lxcfs: no memory limit", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diff_or_a_check_ends_with_1_where_something_would_change_and_with_0_where_nothing_would()
    {
        var (code, diff, _) = await RunAsync(["inject", "-f", "-", "--diff"], Pod);
        Assert.Equal(1, code);
        Assert.StartsWith("--- -\n+++ -\n@@ -2,7 +2,", diff, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', diff);
        var (_, injected, _) = await RunAsync(["inject", "-f", "-"], Pod);
        Assert.Equal((1, "", ""), Quiet(await RunAsync(["inject", "-f", "-", "--check"], Pod)));
        Assert.Equal((0, "", ""), Quiet(await RunAsync(["inject", "-f", "-", "--check"], injected)));
        Assert.Equal((0, "", ""), Quiet(await RunAsync(["inject", "-f", "-", "--diff"], injected)));
    }

    [Fact]
    public async Task What_patch_makes_of_the_diff_is_what_inject_prints()
    {
        foreach (var folder in Directory.GetDirectories(Path.Combine(Repository.TestData, "manifests")))
        {
            var file = Path.Combine(folder, "in.yaml");
            var (_, diff, _) = await RunAsync(["inject", "-f", file, "--diff"]);
            var (code, injected, _) = await RunAsync(["inject", "-f", file]);
            if (code == 0 && diff.Length > 0)
                Assert.Equal((0, injected), Applied(await RunAsync(["--quiet", "--binary", "--output=-", file], diff, "patch")));
        }
    }

    [Fact]
    public async Task A_colour_is_for_a_terminal_that_nobody_forbids()
    {
        Assert.Contains("\e[32m+", (await RunAsync(["-qc", $"'{package.Executable}' inject -f '{Crlf}' --diff", "/dev/null"], program: "script")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", (await RunAsync(["-qc", $"NO_COLOR=1 '{package.Executable}' inject -f '{Crlf}' --diff", "/dev/null"], program: "script")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_would_be_denied_ends_it_with_1_and_prints_nothing_but_the_problems()
    {
        var file = Path.Combine(Repository.TestData, "manifests", "denied", "in.yaml");
        var (code, output, error) = await RunAsync(["inject", "-f", file, "-f", Crlf]);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"{file}:6: denied: metadata.annotations[lxcfs-admission-webhook.raids-lab.github.io/mutate]: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: {b", "-:2:1: not YAML: ")]
    [InlineData("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: {}\n", "-:5:11: spec.containers[0].name: has another type")]
    [InlineData("a: *b\n", "-:1:4: *b has no anchor before it")]
    public async Task What_can_not_be_read_ends_it_with_2_and_names_the_place(string text, string expected)
    {
        var (code, output, error) = await RunAsync(["inject", "-f", "-"], text);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_an_unknown_option_and_a_bad_setting_end_it_with_codes_of_their_own()
    {
        Assert.Equal(2, (await RunAsync(["inject", "-f", "/nowhere.yaml"])).Code);
        Assert.Equal(2, (await RunAsync(["inject"])).Code);
        Assert.Equal(2, (await RunAsync(["inject", "-f", "-", "--nonsense"], Pod)).Code);
        Assert.Equal(2, (await RunAsync(["explain", "-f", "-", "--node-memory", "much"], Pod)).Code);
        Assert.Equal(78, (await RunAsync(["-c", $"Lxcfs__Rot=/x '{package.Executable}' inject -f -"], Pod, "sh")).Code);
        Assert.Equal(0, (await RunAsync(["--help"])).Code);
    }

    [Fact]
    public async Task Two_megabytes_of_garbage_end_it_with_2()
    {
        var garbage = new string('[', 2_000_000);
        Assert.Equal(2, (await RunAsync(["explain", "-f", "-"], garbage)).Code);
    }

    [Fact]
    public async Task Every_command_of_the_README_prints_what_it_says_there()
    {
        var blocks = Repository.Read("README.md").Split("```console\n$ lxcfs-functions ")[1..].Select(block => block.Split("\n```")[0].Split('\n')).ToArray();
        Assert.Equal(2, blocks.Length);
        foreach (var block in blocks)
        {
            var expected = string.Join('\n', block[1..]).Split("\n...")[0];
            var (_, output, _) = await RunAsync(["-c", $"cd '{Repository.Root}' && '{package.Executable}' {block[0]}"], program: "sh");
            Assert.StartsWith(expected, output, StringComparison.Ordinal);
        }
    }

    private static string Crlf => Path.Combine(Repository.TestData, "manifests", "crlf", "in.yaml");

    private static (int Code, string Output, string Error) Quiet((int Code, string Output, string Error) result) =>
        result with { Error = string.Concat(result.Error.Split('\n').Where(line => !line.Contains(": warning: ", StringComparison.Ordinal))) };

    private static (int Code, string Output) Applied((int Code, string Output, string Error) result) => (result.Code, result.Output);

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string input = "", string? program = null)
    {
        var start = new ProcessStartInfo(program ?? package.Executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has seen enough.
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
