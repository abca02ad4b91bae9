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
    public async Task A_diff_removes_and_adds_no_more_lines_than_diff_does()
    {
        foreach (var folder in Directory.GetDirectories(Path.Combine(Repository.TestData, "manifests")))
        {
            var file = Path.Combine(folder, "in.yaml");
            var (code, injected, _) = await RunAsync(["inject", "-f", file]);
            if (code != 0)
                continue;
            var (_, diff, _) = await RunAsync(["inject", "-f", file, "--diff"]);
            var (_, reference, _) = await RunAsync(["-u", file, "-"], injected, "diff");
            Assert.True(Changed(diff) <= Changed(reference), $"{file}\n{diff}");
        }

        var (_, json, _) = await RunAsync(["inject", "-f", Path.Combine(Repository.TestData, "manifests", "json-diff-not-minimal", "in.yaml"), "--diff"]);
        Assert.Equal(3, json.Split('\n').Count(line => line is ['-', not '-', ..]));
    }

    [Fact]
    public async Task A_file_that_can_not_be_read_keeps_no_other_from_being_printed_and_is_itself_not_printed_at_all()
    {
        var torn = Path.Combine(Repository.TestData, "manifests", "one-document-is-no-yaml", "in.yaml");
        var (code, output, error) = await RunAsync(["inject", "-f", torn, "-f", Crlf, "--summary"]);

        Assert.Equal(2, code);
        Assert.Contains($"{torn}:7:1: not YAML: ", error, StringComparison.Ordinal);
        Assert.Contains("1 files can't be read or changed as a whole, and are not printed: " + torn, error, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Crlf)!, "out.yaml"), TestContext.Current.CancellationToken), output);
        Assert.Equal(2, (await RunAsync(["explain", "-f", torn])).Code);
    }

    [Fact]
    public async Task What_nobody_looked_into_is_named_and_an_option_has_it_looked_into()
    {
        var file = Path.Combine(Repository.TestData, "manifests", "unknown-kinds", "in.yaml");
        var (code, output, error) = await RunAsync(["inject", "-f", file, "--summary"]);
        Assert.Equal((0, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)), (code, output));
        Assert.Contains($"{file}:1: warning: Fleet many: no files at spec.groups[].template", error, StringComparison.Ordinal);
        Assert.Contains("0 pod templates get the files\n", error, StringComparison.Ordinal);
        Assert.Contains($"2 left alone (UnservedKind): Fleet many ({file}:1), Service hello ({file}:11)\n", error, StringComparison.Ordinal);
        Assert.Contains("1 objects have no pod template: Fleet 1\n", error, StringComparison.Ordinal);
        Assert.Contains("--kind example.com/Fleet=spec.extra.front serves it", (await RunAsync(["explain", "-f", file])).Output, StringComparison.Ordinal);

        string[] kinds = ["--kind", "example.com/Fleet=spec.groups[].template", "--kind", "example.com/Fleet=spec.extra.*"];
        (_, output, error) = await RunAsync(["inject", "-f", file, "--summary", .. kinds]);
        Assert.Contains("3 pod templates get the files: Fleet 3\n", error, StringComparison.Ordinal);
        Assert.Equal(3, output.Split("path: /var/lib/lxc/lxcfs/proc/meminfo").Length - 1);
        Assert.Equal(2, (await RunAsync(["inject", "-f", file, "--kind", "Fleet"])).Code);
    }

    [Fact]
    public async Task Uninject_takes_out_what_inject_has_put_in()
    {
        var (_, injected, _) = await RunAsync(["inject", "-f", "-"], Pod);
        Assert.Equal((0, Pod, ""), await RunAsync(["uninject", "-f", "-"], injected));
        Assert.Equal((1, "", ""), await RunAsync(["uninject", "-f", "-", "--check"], injected));
        Assert.Equal((0, "", ""), await RunAsync(["uninject", "-f", "-", "--diff"], Pod));
    }

    [Fact]
    public async Task A_colour_is_for_a_terminal_that_nobody_forbids()
    {
        Assert.Contains("\e[32m+", await OnTerminalAsync("env -u NO_COLOR TERM=xterm"), StringComparison.Ordinal);
        var plain = await OnTerminalAsync("env NO_COLOR=1 TERM=xterm");
        Assert.Contains("status: mutated", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[32m", plain, StringComparison.Ordinal);
        // Who looks gets the summary, too.
        Assert.Contains("pod templates get the files", plain, StringComparison.Ordinal);
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
    [InlineData("a: {b", "-:2:1: not YAML: While parsing a flow mapping,  did not find expected ',' or '}'. (if kubectl reads it, quote what stands here")]
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
        Assert.Equal((2, "", "--file: expected a name; this one is empty\n"), await RunAsync(["inject", "-f", ""]));
        Assert.Equal(78, (await RunAsync(["-c", $"Lxcfs__Rot=/x '{package.Executable}' inject -f -"], Pod, "sh")).Code);
        Assert.Equal(0, (await RunAsync(["--help"])).Code);
    }

    [Theory]
    [InlineData("inject")]
    [InlineData("explain")]
    public async Task An_output_that_can_not_be_written_ends_it_with_2_and_the_reason(string command)
    {
        var (code, _, error) = await RunAsync(["-c", $"'{package.Executable}' {command} -f '{Crlf}' >/dev/full"], program: "sh");
        Assert.Equal((2, true), (code, error.EndsWith("No space left on device\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_megabytes_of_garbage_end_it_with_2()
    {
        var garbage = new string('[', 2_000_000);
        Assert.Equal(2, (await RunAsync(["explain", "-f", "-"], garbage)).Code);
    }

    [Fact]
    public async Task Every_command_of_the_page_on_commands_prints_what_it_says_there()
    {
        var blocks = Repository.Read("docs/commands.md").Split("```console\n$ lxcfs-functions ")[1..].Select(block => block.Split("\n```")[0].Split('\n')).ToArray();
        Assert.Equal(2, blocks.Length);
        foreach (var block in blocks)
        {
            var expected = string.Join('\n', block[1..]).Split("\n...")[0];
            var (_, output, _) = await RunAsync(["-c", $"cd '{Repository.Root}' && '{package.Executable}' {block[0]}"], program: "sh");
            Assert.StartsWith(expected, output, StringComparison.Ordinal);
        }
    }

    private async Task<string> OnTerminalAsync(string environment) => (await RunAsync(
        ["-c", $"script -qc \"{environment} '{package.Executable}' inject -f '{Crlf}' --diff\" /dev/null </dev/null"], program: "sh")).Output;

    private static int Changed(string diff) => diff.Split('\n').Count(line => line is ['-', not '-', ..] or ['+', not '+', ..] or "-" or "+");

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
