using System.Text.RegularExpressions;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>docs/agent-states.md draws what the agent does, no more and no less.</summary>
public sealed partial class AgentStatesTests
{
    private static readonly string Page = File.ReadAllText(Path.GetFullPath(Path.Combine(PlanCase.Root, "../../../../docs/agent-states.md")));

    private static readonly HashSet<(Phase From, Phase To)> Drawn =
        [.. Way().Matches(Page).Select(match => (Enum.Parse<Phase>(match.Groups[1].Value), Enum.Parse<Phase>(match.Groups[2].Value)))];

    [Fact]
    public void Every_phase_is_told_once_in_the_order_of_the_enum() =>
        Assert.Equal(Enum.GetNames<Phase>(), Row().Matches(Page).Select(match => match.Groups[1].Value));

    [Fact]
    public void Every_way_that_is_drawn_is_shown_by_a_case_and_no_case_shows_another()
    {
        var shown = PlanCase.All.Select(one => one.Snapshot()).Select(node => (From: node.Phase, To: Planner.Plan(node).Phase)).Where(way => way.From != way.To).ToHashSet();

        Assert.Equal(Text(shown), Text(Drawn));
    }

    [Fact]
    public void Whatever_comes_no_agent_takes_a_way_that_is_not_drawn()
    {
        var ways = AgentOrderTests.Ways();

        Assert.True(ways.Count > 10, $"only {ways.Count} ways");
        Assert.Empty(Text(ways.Except(Drawn)));
    }

    private static string Text(IEnumerable<(Phase From, Phase To)> ways) =>
        string.Join('\n', ways.OrderBy(way => way).Select(way => $"{way.From} --> {way.To}"));

    [GeneratedRegex(@"^ *([A-Z]\w+) --> ([A-Z]\w+)", RegexOptions.Multiline)]
    private static partial Regex Way();

    [GeneratedRegex(@"^\| `(\w+)` \| \S.*\. \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
