using System.Reflection;
using System.Text.RegularExpressions;

namespace LxcfsAgent.Tests;

public sealed partial class DocumentationTests
{
    internal static readonly string Repository =
        typeof(DocumentationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    /// <summary>The tests of the agent and of nodes, by name.</summary>
    internal static readonly HashSet<string> Tests =
    [
        .. ((string[])["Lxcfs.Tests", "LxcfsAgent.Tests", "LxcfsNode.Tests", "cluster"])
            .SelectMany(suite => Directory.EnumerateFiles(Path.Combine(Repository, "tests", suite), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Test().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value),
    ];

    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository, "lxcfs-daemonset/README.md"));

    [Fact]
    public void The_readme_lists_the_settings_that_there_are()
    {
        var settings = Settings.Of();
        AgentOptions.Read(settings);

        Assert.Equal(settings.Keys.Select(key => AgentOptions.Prefix + key).Order(StringComparer.Ordinal), Setting().Matches(Readme).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readme_lists_the_metrics_that_there_are() =>
        Assert.Equal(
            Metric().Matches(new AgentMetrics().ToString()).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal),
            Metric().Matches(Readme).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_test_that_the_readme_names_is_there()
    {
        var named = Named().Matches(Readme).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count >= 20, "the table of tests is gone");
        Assert.DoesNotContain(named, name => !Tests.Contains(name));
    }

    [Fact]
    public void What_the_readme_says_of_the_image_s_arguments_is_what_the_Dockerfile_takes()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Repository, "lxcfs-daemonset/Dockerfile"));
        var arguments = Argument().Matches(dockerfile).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);

        Assert.Equal(arguments, Row().Matches(Readme).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("LXCFS_AGENT_[A-Z0-9_]+")]
    private static partial Regex Setting();

    [GeneratedRegex("lxcfs_agent_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"public (?:async Task|void) ([A-Za-z0-9]+_\w+)\(")]
    private static partial Regex Test();

    /// <summary>A name in the last column of a table: a sentence with underscores.</summary>
    [GeneratedRegex("`(?!LXCFS_AGENT_)([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+){2,})`")]
    private static partial Regex Named();

    /// <summary>An argument that somebody may give: the builder itself gives the other.</summary>
    [GeneratedRegex("^ARG (?!TARGETARCH$)([A-Z0-9_]+)", RegexOptions.Multiline)]
    private static partial Regex Argument();

    /// <summary>A row of the table of the image's arguments.</summary>
    [GeneratedRegex(@"^\| `--build-arg ([A-Z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
