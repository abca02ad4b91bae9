namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>promtool judges the rules, and plays series to them that should and should not raise each alert.</summary>
public sealed class AlertTests : IDisposable
{
    private static readonly string Cases = Path.Combine(Repository.TestData, "alerts");

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-alerts-").FullName;

    public static TheoryData<string> Files() => [.. Directory.GetFiles(Cases).Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Fact]
    public async Task Prometheus_takes_the_rules()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "rules.yml"), await Alerts.PrintAsync(), TestContext.Current.CancellationToken);

        (await Command.RunAsync(Repository.Promtool, ["check", "rules", "--lint=all", "--lint-fatal", "rules.yml"], folder: _folder)).Succeeded();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_fires_when_it_should_and_not_otherwise(string alert)
    {
        var test = await File.ReadAllTextAsync(Path.Combine(Cases, alert + ".yaml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rules.yml"), await Alerts.PrintAsync(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "test.yml"), test, TestContext.Current.CancellationToken);

        Assert.Contains($"alertname: {alert}\n        exp_alerts:\n", test, StringComparison.Ordinal);
        Assert.Contains($"alertname: {alert}\n        exp_alerts: []\n", test, StringComparison.Ordinal);
        (await Command.RunAsync(Repository.Promtool, ["test", "rules", "test.yml"], folder: _folder)).Succeeded();
    }

    [Fact]
    public async Task Every_alert_is_tried_and_has_an_entry_in_the_runbook()
    {
        var alerts = Alerts.Parse(await Alerts.PrintAsync());
        var operations = Repository.Read("docs/operations.md").Split('\n');

        Assert.Equal(Directory.GetFiles(Cases).Select(Path.GetFileNameWithoutExtension).Order(), alerts.Select(alert => alert.Name).Order());
        Assert.All(alerts, alert =>
        {
            Assert.Equal($"docs/operations.md#{alert.Name.ToLowerInvariant()}", alert.Annotations["runbook_url"]);
            Assert.Contains($"### {alert.Name}", operations);
            Assert.Contains(alert.Severity, (string[])["warning", "critical"]);
        });
        Assert.Equal(alerts.Count, operations.Count(line => line.StartsWith("### Lxcfs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_place_for_the_runbook_is_put_before_every_entry() => Assert.All(
        Alerts.Parse(await Alerts.PrintAsync("https://git.example.com/lxcfs/")),
        alert => Assert.StartsWith("https://git.example.com/lxcfs/docs/operations.md#", alert.Annotations["runbook_url"], StringComparison.Ordinal));

    [Fact]
    public async Task The_operator_is_given_the_same_rules()
    {
        var printed = await Alerts.PrintAsync();

        Assert.Equal(
            [Alerts.GroupsOf(printed, 0), Alerts.GroupsOf(printed, 1)],
            new[] { "admission", "nodes" }.Select(file => Alerts.GroupsOf(Repository.Read($"infra/kustomize/components/alerts/{file}.yaml"))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
