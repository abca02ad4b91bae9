using System.Reflection;
using System.Text.RegularExpressions;

namespace LxcfsAgent.Tests;

public sealed partial class DocumentationTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(
        typeof(DocumentationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!,
        "lxcfs-daemonset/README.md"));

    [Fact]
    public void The_readme_lists_the_settings_that_there_are()
    {
        var asked = new List<string>();
        AgentOptions.Read(
            name =>
            {
                asked.Add(name);
                return null;
            },
            []);

        Assert.Equal(asked.Order(StringComparer.Ordinal), Setting().Matches(Readme).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readme_lists_the_metrics_that_there_are() =>
        Assert.Equal(
            Metric().Matches(new AgentMetrics().ToString()).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal),
            Metric().Matches(Readme).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex("LXCFS_AGENT_[A-Z0-9_]+")]
    private static partial Regex Setting();

    [GeneratedRegex("lxcfs_agent_[a-z0-9_]+")]
    private static partial Regex Metric();
}
