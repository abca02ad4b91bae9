using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Maintenance;

/// <summary>What runs with the repository's rights.</summary>
public sealed partial class WorkflowTests
{
    [Fact]
    public void Every_action_is_pinned_by_its_commit_and_says_its_version()
    {
        var uses = Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows"), "*.yml")
            .SelectMany(File.ReadLines).Where(line => Uses().IsMatch(line)).ToArray();
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
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
}
