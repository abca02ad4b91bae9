namespace LxcfsAgent.Tests;

public sealed class AgentOptionsTests
{
    [Fact]
    public void Without_settings_the_defaults_hold()
    {
        var options = Read([], out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal("/var/lib/lxc/lxcfs", options.Root);
        Assert.Equal("/var/lib/lxc/.lxcfs-agent", options.StateFolder);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Scan);
        Assert.False(options.LabelNode);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Read(
            [
                ("ROOT", "/srv/lxcfs"), ("LISTEN", "[::1]:9"), ("INSTANCE", "uid"), ("LXCFS_V1", "/a"), ("LXCFS_V2", "/b"),
                ("SCAN_SECONDS", "60"), ("PROBE_SECONDS", "5"), ("LABEL_NODE", "true"), ("NODE", "worker"),
            ],
            out var mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(("/srv/lxcfs", "uid", "/a", "/b"), (options.Root, options.Instance, options.LxcfsV1, options.LxcfsV2));
        Assert.Equal((true, "worker"), (options.LabelNode, options.Node));
        Assert.Equal((60, 5), (options.Scan.TotalSeconds, options.Probe.TotalSeconds));
        Assert.Equal(("::1", 9), AgentOptions.SplitAddress(options.Listen));
    }

    [Theory]
    [InlineData("ROOT", "lxcfs")]
    [InlineData("ROOT", "/")]
    [InlineData("ROOT", "/lxcfs")]
    [InlineData("ROOT", "/var/lib/")]
    [InlineData("ROOT", "/var/../lib")]
    [InlineData("LISTEN", "8081")]
    [InlineData("LISTEN", "*:0")]
    [InlineData("LISTEN", "host:80")]
    [InlineData("SCAN_SECONDS", "0")]
    [InlineData("SCAN_SECONDS", "1.5")]
    [InlineData("PROBE_SECONDS", "61")]
    [InlineData("LABEL_NODE", "yes")]
    [InlineData("LXCFS_V1", "lxcfs")]
    public void A_mistake_names_the_variable_and_the_value(string name, string value)
    {
        Read([(name, value)], out var mistakes);

        var mistake = Assert.Single(mistakes);
        Assert.StartsWith($"LXCFS_AGENT_{name}: '{value}' can't be used; set ", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        Read([("ROOT", "x"), ("LISTEN", "x"), ("LABEL_NODE", "true")], out var mistakes);

        Assert.Equal(3, mistakes.Count);
        Assert.Contains(mistakes, mistake => mistake.Contains("LXCFS_AGENT_NODE", StringComparison.Ordinal));
    }

    private static AgentOptions Read((string Name, string Value)[] settings, out List<string> mistakes)
    {
        mistakes = [];
        return AgentOptions.Read(name => settings.FirstOrDefault(setting => "LXCFS_AGENT_" + setting.Name == name).Value, mistakes);
    }
}
