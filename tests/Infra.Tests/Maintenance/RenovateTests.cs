using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Maintenance;

/// <summary>Renovate finds what no manager of its own knows: an expression that finds nothing would say nothing either.</summary>
public sealed partial class RenovateTests
{
    private static readonly JsonNode[] Managers = [.. JsonNode.Parse(Repository.Read("renovate.json"))!["customManagers"]!.AsArray().Select(manager => manager!)];

    /// <summary>What is looked for, and its version by another witness.</summary>
    private static readonly Dictionary<string, string> Pinned = new()
    {
        ["lxc/lxcfs"] = UpstreamVersion().Match(Repository.Read("lxcfs-daemonset/lxcfs/changes/00-ours.change")).Groups[1].Value,
        ["Azure.Bicep.CommandLine.linux-x64"] = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Repository.Bicep)))!,
    };

    public static TheoryData<string> Dependencies() => [.. Managers.Select(manager => (string)manager["depNameTemplate"]!)];

    [Theory]
    [MemberData(nameof(Dependencies))]
    public async Task Each_expression_finds_the_pinned_version_once(string dependency)
    {
        var manager = Managers.Single(item => (string?)item["depNameTemplate"] == dependency);
        var tracked = (await Command.RunAsync("git", ["ls-files"])).Succeeded().Split('\n');
        var file = Assert.Single(tracked, file => Texts(manager, "managerFilePatterns").Any(pattern => Regex.IsMatch(file, pattern.Trim('/'))));

        var found = Assert.Single(Texts(manager, "matchStrings").SelectMany(expression => Regex.Matches(Repository.Read(file), expression)));

        Assert.Equal(Pinned[dependency], found.Groups["currentValue"].Value);
    }

    private static IEnumerable<string> Texts(JsonNode manager, string name) => manager[name]!.AsArray().Select(item => (string)item!);

    [GeneratedRegex("^-    version: '([^']+)',", RegexOptions.Multiline)]
    private static partial Regex UpstreamVersion();
}
