using System.Globalization;
using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>
/// An upgrade from an agent of before pid 1, agent and LXCFS were three: what it left in its folder, as it really wrote it, and itself
/// where its image is kept.
/// </summary>
[Trait("Beside", "Nothing")]
public sealed class FormerAgentTests
{
    /// <summary>The archive of it in artifacts/node; it was built from the commit that <see cref="Fixtures"/> is named after.</summary>
    private const string Image = "lxcfs-agent-before";

    private static readonly string Fixtures = Path.GetFullPath(Path.Combine(Artifacts.Folder, "../../tests/LxcfsNode.Tests/fixtures/state-bf58a72"));

    [Theory]
    [InlineData("killed")]
    [InlineData("upgraded")]
    public async Task The_folder_of_an_agent_that_died_is_read_and_its_place_taken(string fixture)
    {
        await using var node = await Node.StartAsync();
        var last = await RestoreAsync(node, fixture);

        var agent = await AgentContainer.ReadyAsync(node, "agent");
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();

        Assert.Equal($"{last + 1}", await NumberAsync(node, "generation"));
        Assert.Equal($"{last + 1}", await NumberAsync(node, "owner"));
        await agent.StopAsync();
        Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
        apps.AssertNeverFailed();
    }

    [Fact]
    public async Task What_an_agent_took_out_of_containers_as_it_was_stopped_is_given_back()
    {
        await using var node = await Node.StartAsync();
        var sibling = await SiblingLxcfs.StartAsync(node);
        var app = await AppContainer.StartAsync(node, AppKind.Busybox, "app");
        foreach (var file in ServedFiles.All)
            await app.ExecInMountsAsync("umount", "-l", file.Path);
        await sibling.StopAsync();
        await RestoreAsync(node, "stopped");
        var record = Path.Combine(node.Parent, ".lxcfs-agent", "withdrawn.json");
        var containers = JsonNode.Parse(await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken))!.AsArray();
        var container = containers[0]!;
        container["MountNamespace"] = Processes.Link(app.Pid, "ns/mnt");
        container["Pid"] = app.PidInNode;
        container["Started"] = Started(app.Pid);
        await File.WriteAllTextAsync(record, containers.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Empty(app.LxcfsMounts);

        await AgentContainer.ReadyAsync(node, "agent");
        // It knew each file at one path.
        await Eventually.TrueAsync(
            () => app.LxcfsMounts.Count(mount => mount.Device == node.Live?.Device && mount.Root == mount.Target) == LxcfsFile.All.Length,
            () => string.Join('\n', app.LxcfsMounts));

        Assert.False(File.Exists(record), "it is still on record");
    }

    [Fact(Explicit = true)]
    public async Task Its_image_is_upgraded_without_a_failed_read()
    {
        await using var node = await Node.StartAsync();
        var former = new AgentContainer(node, "former") { Image = Image };
        await former.StartAsync();
        await former.BecomesReadyAsync();
        var apps = await Apps.StartAsync(node, 30);
        await using var starts = new Starts(node, containers: true);

        var agent = await AgentContainer.ReadyAsync(node, "agent");
        await former.StopAsync();
        await apps.ServedAsync();
        apps.AssertFlawless();
        await starts.AssertNeverRefusedAsync();

        // And back, as a rollout is undone.
        var again = new AgentContainer(node, "again") { Image = Image };
        await again.StartAsync();
        await again.BecomesReadyAsync();
        await agent.StopAsync();
        await apps.ServedAsync();
        apps.AssertFlawless();
    }

    /// <summary>Makes what the tests above read.</summary>
    [Fact(Explicit = true)]
    public async Task The_fixtures_are_what_it_leaves()
    {
        await using var node = await Node.StartAsync();
        var agent = await FormerAsync("pod-1");
        await Apps.StartAsync(node, 2);
        await agent.KillAsync();
        await KeepAsync("killed");
        var (second, third) = (await FormerAsync("pod-2"), await FormerAsync("pod-3"));
        await KeepAsync("upgraded");
        await second.StopAsync();
        await third.StopAsync();
        await KeepAsync("stopped");

        async Task<AgentContainer> FormerAsync(string id)
        {
            var former = new AgentContainer(node, id) { Image = Image };
            await former.StartAsync();
            await former.BecomesReadyAsync();
            return former;
        }

        Task KeepAsync(string fixture) => node.RunAsync("sh", "-c",
            $"cd {node.Parent}/.lxcfs-agent && for f in $(find . -xdev); do [ -d $f ] && mkdir -p {Fixtures}/{fixture}/$f || cp $f {Fixtures}/{fixture}/$f; done");
    }

    /// <summary>The generation that was given last.</summary>
    private static async Task<long> RestoreAsync(Node node, string fixture)
    {
        // Git keeps no empty folders.
        await node.RunAsync("sh", "-c", $"cp -r {Fixtures}/{fixture} {node.Parent}/.lxcfs-agent && cd {node.Parent}/.lxcfs-agent && mkdir -p instances leases mounts"
            + " && for pid in mounts/*.pid; do [ ! -f $pid ] || mkdir -p ${pid%.pid}; done && touch lock");
        return long.Parse(await NumberAsync(node, "generation"), CultureInfo.InvariantCulture);
    }

    private static async Task<string> NumberAsync(Node node, string name) => (await node.RunAsync("cat", $"{node.Parent}/.lxcfs-agent/{name}")).Trim();

    /// <summary>In ticks since the node started: the 22nd field, the second of which is a name in brackets (proc_pid_stat(5)).</summary>
    private static long Started(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
    }
}
