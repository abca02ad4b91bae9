namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>A cluster as each of the other projects leaves it, and what the check says of it.</summary>
[Collection(nameof(Installation))]
public sealed class SiblingTests(Installation installation)
{
    public static TheoryData<string> Siblings() =>
        [.. Directory.GetDirectories(Path.Combine(Repository.TestData, "siblings")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Siblings))]
    public async Task The_check_names_what_is_left_of(string sibling)
    {
        installation.Need();
        var cluster = Path.Combine(Repository.TestData, "siblings", sibling, "cluster.yaml");
        (await installation.KubectlAsync($"apply --filename {cluster}")).Succeeded();
        try
        {
            var run = await installation.DeployAsync("check");

            Assert.Equal(3, run.ExitCode);
            Golden.Compare($"siblings/{sibling}/check.txt", run.Output);
        }
        finally
        {
            await installation.KubectlAsync($"delete --filename {cluster} --wait=false --grace-period=0 --force");
        }
    }

    [Fact]
    public void Every_project_of_the_table_has_a_case() => Assert.Equal(
        File.ReadLines(Path.Combine(Repository.Infra, "lib/siblings.tsv")).Where(line => !line.StartsWith('#')).Select(line => line.Split('/')[0]).Order(),
        Siblings().Select(row => row.Data));
}
