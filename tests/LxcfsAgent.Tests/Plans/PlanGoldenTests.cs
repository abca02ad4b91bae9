using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>A plan a folder; <c>UPDATE_GOLDEN=1</c> rewrites what is planned.</summary>
public sealed class PlanGoldenTests
{
    public static TheoryData<string> Names => [.. PlanCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_plan_is_what_its_folder_says(string name)
    {
        var one = new PlanCase(name);
        var node = one.Snapshot();
        var plan = Planner.Plan(node);

        PlanRules.Check(node, plan);
        Assert.Equal(PlanCase.Text(plan), PlanCase.Text(Planner.Plan(node)));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(one.PlanFile, PlanCase.Text(plan));
        Assert.Equal(File.ReadAllText(one.PlanFile), PlanCase.Text(plan));
    }

    [Fact]
    public void Every_folder_is_a_case_and_no_case_is_there_twice()
    {
        Assert.True(PlanCase.All.Count >= 80, $"only {PlanCase.All.Count} cases");
        Assert.All(PlanCase.All.Select(one => one.Name), name => Assert.Equal(
            ["plan.json", "snapshot.json"],
            Directory.EnumerateFileSystemEntries(Path.Combine(PlanCase.Root, name)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)));
        Assert.All(
            PlanCase.All.GroupBy(one => File.ReadAllText(one.SnapshotFile)),
            same => Assert.True(same.Count() == 1, string.Join(" = ", same.Select(one => one.Name))));
    }

    [Fact]
    public void Every_action_is_planned_by_some_case()
    {
        var planned = PlanCase.All.SelectMany(one => Planner.Plan(one.Snapshot()).Actions).Select(action => action.GetType()).ToHashSet();

        Assert.DoesNotContain(typeof(NodeAction).Assembly.GetTypes(), type => type.BaseType == typeof(NodeAction) && !planned.Contains(type));
    }
}
