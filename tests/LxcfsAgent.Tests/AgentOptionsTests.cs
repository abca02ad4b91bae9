namespace LxcfsAgent.Tests;

public sealed class AgentOptionsTests
{
    [Fact]
    public void Without_settings_the_defaults_hold()
    {
        var options = Read([], out var errors);

        Assert.Empty(errors);
        Assert.Equal("/var/lib/lxc/lxcfs", options.Root);
        Assert.Equal("/var/lib/lxc/.lxcfs-agent", options.StateFolder);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Scan);
        Assert.Equal(("/opt/lxcfs/lxcfs", true), (options.Lxcfs, options.LxcfsFilter));
        Assert.False(options.LabelNode);
        Assert.Empty(options.Nri);
    }

    [Theory]
    [InlineData("LXCFS_V1", "LXCFS_V1")]
    [InlineData("LXCFS_V2", "LXCFS_V2")]
    public void The_names_of_before_are_still_read_and_a_warning_names_the_new_one(string old, string named)
    {
        var options = Read([(old, "/a")], out var errors);

        Assert.Empty(errors);
        Assert.Equal("/a", options.Lxcfs);
        var warning = Assert.Single(options.Warnings);
        Assert.Contains($"LXCFS_AGENT_{named}", warning, StringComparison.Ordinal);
        Assert.EndsWith("set LXCFS_AGENT_LXCFS", warning, StringComparison.Ordinal);
        Assert.Equal("/b", Read([(old, "/a"), ("LXCFS", "/b")], out _).Lxcfs);
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Read(
            [
                ("ROOT", "/srv/lxcfs"), ("LISTEN", "[::1]:9"), ("INSTANCE", "uid"), ("LXCFS", "/a"), ("LXCFS_FILTER", "false"),
                ("SCAN_SECONDS", "60"), ("PROBE_SECONDS", "5"), ("LABEL_NODE", "true"), ("NODE", "worker"), ("NRI", "/run/nri.sock"),
            ],
            out var errors);

        Assert.Empty(errors);
        Assert.Equal(("/srv/lxcfs", "uid", "/a", false), (options.Root, options.Instance, options.Lxcfs, options.LxcfsFilter));
        Assert.Contains("LXCFS_AGENT_LXCFS_FILTER=false", Assert.Single(options.Warnings), StringComparison.Ordinal);
        Assert.Equal((true, "worker", "/run/nri.sock"), (options.LabelNode, options.Node, options.Nri));
        Assert.Equal((60, 5), (options.Scan.TotalSeconds, options.Probe.TotalSeconds));
        Assert.Equal(("::1", 9), AgentOptions.SplitAddress(options.Listen));
    }

    [Theory]
    [InlineData("ROOT", "lxcfs")]
    [InlineData("ROOT", "/")]
    [InlineData("ROOT", "/lxcfs")]
    [InlineData("ROOT", "/var/lib/")]
    [InlineData("ROOT", "/var/../lib")]
    [InlineData("NRI", "nri.sock")]
    [InlineData("LISTEN", "8081")]
    [InlineData("LISTEN", "*:0")]
    [InlineData("LISTEN", "host:80")]
    [InlineData("SCAN_SECONDS", "0")]
    [InlineData("SCAN_SECONDS", "1.5")]
    [InlineData("PROBE_SECONDS", "61")]
    [InlineData("LABEL_NODE", "yes")]
    [InlineData("LXCFS", "lxcfs")]
    [InlineData("LXCFS_FILTER", "on")]
    [InlineData("LXCFS_V1", "lxcfs")]
    public void An_error_names_the_variable_and_the_value(string name, string value)
    {
        Read([(name, value)], out var errors);

        var error = Assert.Single(errors);
        Assert.StartsWith($"LXCFS_AGENT_{name}: '{value}' can't be used; set ", error, StringComparison.Ordinal);
    }

    /// <summary>The kernel has room for 108 bytes of a socket's path, with the zero at its end.</summary>
    [Theory]
    [InlineData("a", 107, true)]
    [InlineData("a", 108, false)]
    [InlineData("ä", 55, false)]
    public void A_socket_s_path_that_the_kernel_does_not_take_is_an_error(string letter, int letters, bool isTaken)
    {
        var path = "/" + string.Concat(Enumerable.Repeat(letter, letters - 1));

        var options = Read([("NRI", path)], out var errors);

        if (isTaken)
            Assert.Equal(path, options.Nri);
        else
            Assert.StartsWith($"LXCFS_AGENT_NRI: '{path}' can't be used; set an absolute path of at most 107 bytes", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_is_told_at_once()
    {
        Read([("ROOT", "x"), ("LISTEN", "x"), ("LABEL_NODE", "true")], out var errors);

        Assert.Equal(3, errors.Count);
        Assert.Contains(errors, error => error.Contains("LXCFS_AGENT_NODE", StringComparison.Ordinal));
    }

    private static AgentOptions Read((string Name, string Value)[] variables, out IReadOnlyList<string> errors)
    {
        var settings = Settings.Of(variables);
        var options = AgentOptions.Read(settings);
        errors = settings.Errors;
        return options;
    }
}
