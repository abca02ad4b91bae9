using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Faults;

/// <summary>Makes the scene of each phase.</summary>
internal static class FaultScenes
{
    public static async Task<FaultScene> OfAsync(FaultPhase phase, Node node) => phase switch
    {
        FaultPhase.Repair => await RepairAsync(node, _ => { }),
        FaultPhase.NewWorker => await RepairAsync(node, agent => agent.Workers.ToList().ForEach(Processes.End)),
        FaultPhase.Replacement => await ReplacementAsync(node),
        FaultPhase.Withdrawal => await WithdrawalAsync(node),
        FaultPhase.Restoration => await RestorationAsync(node),
        FaultPhase.Claim => await HandOverAsync(node, (_, next) => next),
        FaultPhase.Release => await HandOverAsync(node, (owner, _) => owner),
        _ => await AdoptionAsync(node),
    };

    private static async Task<(AgentContainer Agent, Apps Apps)> ServedAsync(Node node)
    {
        var agent = await AgentContainer.WatchfulAsync(node);
        var apps = await Apps.StartAsync(node, 2);
        await apps.ServedAsync();
        return (agent, apps);
    }

    private static async Task<FaultScene> RepairAsync(Node node, Action<AgentContainer> before)
    {
        var (agent, apps) = await ServedAsync(node);
        var (sibling, container) = await OfAnotherAsync(node);
        return new(agent, apps)
        {
            Serving = Assert.Single(agent.Lxcfs),
            BeginAsync = async () =>
            {
                before(agent);
                await sibling.KillAsync();
                await node.RunAsync("umount", "--lazy", $"{node.Parent}/lxd");
            },
            EndAsync = async () =>
            {
                await Eventually.TrueAsync(() => Apps.WhyUnserved(container) is null, () => string.Join('\n', [.. container.LxcfsMounts, agent.Log]));
                await agent.BecomesReadyAsync();
            },
        };
    }

    private static async Task<FaultScene> ReplacementAsync(Node node)
    {
        var (agent, apps) = await ServedAsync(node);
        await agent.SettlesAsync();
        return new(agent, apps)
        {
            BeginAsync = () =>
            {
                agent.KillLxcfs();
                return Task.CompletedTask;
            },
            EndAsync = async () =>
            {
                await apps.ServedAsync();
                await agent.BecomesReadyAsync();
            },
        };
    }

    private static async Task<FaultScene> WithdrawalAsync(Node node)
    {
        var (agent, apps) = await ServedAsync(node);
        var next = agent;
        return new(agent, apps)
        {
            Serving = Assert.Single(agent.Lxcfs),
            MaySeeTheNode = true,
            Last = () => next,
            BeginAsync = () => TellToStop(agent),
            EndAsync = async () =>
            {
                await EndsAsync(agent);
                Assert.All(apps.All, app => Assert.Empty(app.LxcfsMounts));
                apps.AssertNeverFailed();
                next = await AgentContainer.WatchfulAsync(node, "next");
                await apps.ServedAsync();
            },
        };
    }

    /// <summary>What an agent of before recorded, and took away, lies there once more.</summary>
    private static async Task<FaultScene> RestorationAsync(Node node)
    {
        var (before, apps) = await ServedAsync(node);
        var (app, record) = (apps.All[0], $"{node.Parent}/.lxcfs-agent/withdrawn.json");
        await before.StopAsync();
        var withdrawn = JsonNode.Parse(await File.ReadAllTextAsync(record))!.AsArray()
            .Where(container => (string?)container!["MountNamespace"] == Processes.Link(app.Pid, "ns/mnt")).Select(container => container!.ToJsonString());
        var agent = await AgentContainer.WatchfulAsync(node, "next");
        await apps.ServedAsync();
        return new(agent, apps)
        {
            Serving = Assert.Single(agent.Lxcfs),
            MaySeeTheNode = true,
            BeginAsync = async () =>
            {
                foreach (var file in ServedFiles.All)
                    await app.ExecInMountsAsync("umount", "-l", file.Path);
                await File.WriteAllTextAsync(record + ".new", $"[{string.Join(',', withdrawn)}]");
                File.Move(record + ".new", record);
            },
            EndAsync = async () =>
            {
                await apps.ServedAsync();
                await Eventually.TrueAsync(() => !File.Exists(record), () => $"it is on record still: {agent.Log}");
            },
        };
    }

    /// <summary>The later of two agents owns the node.</summary>
    /// <param name="whose">Whose calls fail: the owner's, or those of the one that is next.</param>
    private static async Task<FaultScene> HandOverAsync(Node node, Func<AgentContainer, AgentContainer, AgentContainer> whose)
    {
        var (next, apps) = await ServedAsync(node);
        var owner = await AgentContainer.WatchfulAsync(node, "owner");
        await apps.ServedAsync();
        return new(whose(owner, next), apps)
        {
            Serving = Assert.Single(owner.Lxcfs),
            Last = () => next,
            BeginAsync = () => TellToStop(owner),
            EndAsync = async () =>
            {
                await EndsAsync(owner);
                await next.BecomesReadyAsync();
                await apps.ServedAsync();
                Assert.Equal(1, (await next.MetricsAsync())["lxcfs_agent_owner"]);
                apps.AssertFlawless();
            },
        };
    }

    private static async Task<FaultScene> AdoptionAsync(Node node)
    {
        var (agent, apps) = await ServedAsync(node);
        var lxcfs = Assert.Single(agent.Lxcfs);
        return new(agent, apps)
        {
            Serving = lxcfs,
            // From its first moment on.
            IsNextAgents = true,
            Processes = () => [agent.Pid],
            BeginAsync = agent.KillAgentAsync,
            EndAsync = async () =>
            {
                await agent.BecomesReadyAsync();
                await apps.ServedAsync();
                Assert.Equal(lxcfs, Assert.Single(agent.Lxcfs));
                Assert.Equal(1, (await agent.MetricsAsync())["lxcfs_agent_adoptions_total"]);
                apps.AssertFlawless();
            },
        };
    }

    private static async Task<(SiblingLxcfs Sibling, Tenant Container)> OfAnotherAsync(Node node)
    {
        var sibling = await SiblingLxcfs.StartAsync(node, name: "lxd");
        var container = await new Tenant(node, "container").StartAsync(
            ServedFiles.From($"{node.Parent}/lxd", "rbind:rprivate:ro"), "/bin/sleep", "100000");
        return (sibling, container);
    }

    private static Task TellToStop(AgentContainer agent)
    {
        Libc.Signal(agent.Pid, Libc.SigTerm);
        return Task.CompletedTask;
    }

    private static async Task EndsAsync(AgentContainer agent)
    {
        await Eventually.TrueAsync(() => !agent.IsRunning, () => $"{agent.Id} does not end: {agent.Log}");
        await agent.RemoveAsync();
    }
}
