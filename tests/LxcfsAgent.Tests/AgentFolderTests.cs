namespace LxcfsAgent.Tests;

/// <summary>What agents keep in the folder that they share, whatever lies there.</summary>
public sealed class AgentFolderTests : IDisposable
{
    private readonly AgentFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void A_node_remembers_the_latest_instances_and_those_that_live()
    {
        var node = _folders.NewNode();
        using var living = AgentFolders.Join(node, "living");
        for (var pod = 0; pod < 100; pod++)
            AgentFolders.Join(node, $"pod {pod}").Dispose();

        Assert.True(Directory.GetFiles(node.Path, "*", SearchOption.AllDirectories).Length < 40);
        Assert.True(node.IsLeased(living.Generation));
        using var restarted = AgentFolders.Join(node, "pod 99");
        Assert.Equal(living.Generation + 100, restarted.Generation);
        Assert.Equal([living.Generation, restarted.Generation], restarted.Observe().Living);
        living.Dispose();
        using var again = AgentFolders.Join(node, "living");
        Assert.Equal(living.Generation, again.Generation);
    }

    [Fact]
    public void After_a_cleanup_nobody_serves_until_a_new_agent_joins()
    {
        var node = _folders.NewNode();
        using var agent = AgentFolders.Join(node, "a");
        AgentFolders.Claim(agent);
        using (node.Lock())
            node.Delete();

        Assert.False(node.Exists);
        Assert.False(agent.Observe().Joined);
        Assert.False(agent.Owns());
        using var next = AgentFolders.Join(node, "b");
        Assert.True(AgentFolders.Claim(next));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public void An_owner_that_is_no_number_is_put_aside_and_told_and_the_node_can_be_claimed(string text)
    {
        var node = _folders.NewNode();
        using var agent = AgentFolders.Join(node, "a");
        File.WriteAllText($"{node.Path}/owner", text);

        Assert.Equal(0, agent.Observe().Owner);
        Assert.True(AgentFolders.Claim(agent));
        Assert.Equal(text, File.ReadAllText($"{node.Path}/owner.bad"));
        Assert.Contains("owner.bad", Assert.Single(_folders.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_in_the_place_of_files_are_put_aside_and_told()
    {
        var node = _folders.NewNode();
        foreach (var name in (string[])["lock", "owner", "generation", "starts"])
            Directory.CreateDirectory($"{node.Path}/{name}");

        using var agent = AgentFolders.Join(node, "a");
        Assert.True(AgentFolders.Claim(agent));
        Assert.EndsWith("/mounts/1-1", agent.NewMountPoint(), StringComparison.Ordinal);
        Assert.Equal(4, _folders.Said.Count);
    }

    [Fact]
    public void No_mount_point_is_given_twice()
    {
        var node = _folders.NewNode();
        using var agent = AgentFolders.Join(node, "a");
        using var other = AgentFolders.Join(node, "b");

        Assert.Equal(6, ((string[])[.. Enumerable.Range(0, 3).SelectMany(_ => (string[])[agent.NewMountPoint(), other.NewMountPoint()])]).Distinct().Count());
    }
}
