using LxcfsAgent.Delivery;

namespace LxcfsAgent.Tests.Delivery;

/// <summary>A request of the runtime's a folder; <c>UPDATE_GOLDEN=1</c> rewrites the answer.</summary>
public sealed class DeliveryGoldenTests
{
    public static TheoryData<string> Names => [.. DeliveryCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_is_what_its_folder_says(string name)
    {
        var one = new DeliveryCase(name);
        var answer = one.Request.Decide();

        DeliveryRules.Check(one.Request, answer);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(one.AnswerFile, DeliveryCase.Text(answer));
        Assert.Equal(File.ReadAllText(one.AnswerFile), DeliveryCase.Text(answer));
    }

    [Fact]
    public void Every_folder_is_a_case_and_no_case_is_there_twice()
    {
        Assert.True(DeliveryCase.All.Count >= 20, $"only {DeliveryCase.All.Count} cases");
        Assert.All(DeliveryCase.All, one => Assert.Equal(
            ["answer.json", "request.json"],
            Directory.EnumerateFileSystemEntries(Path.Combine(DeliveryCase.Root, one.Name)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)));
        Assert.All(DeliveryCase.All.GroupBy(one => File.ReadAllText(one.RequestFile)), same => Assert.Single(same));
    }

    /// <summary>The runtime's name for a bind mount says nothing of these: a forgotten one would be a hole.</summary>
    [Fact]
    public void A_mount_is_private_and_read_only_and_nothing_runs_from_it() =>
        Assert.Equal(["nodev", "noexec", "nosuid", "rbind", "ro", "rprivate"], DeliveryPolicy.Options.Order(StringComparer.Ordinal));
}
