using LxcfsNode.Tests.Hostile.Faults;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile;

/// <summary>A system call fails at any step of the agent's work: LXCFS serves on, the failure is counted, and is over when its cause is.</summary>
public sealed class FaultTests
{
    /// <summary>Of each step: what begins it, what enters, what identifies, what attaches, what detaches, what records, what is below all of them.</summary>
    public static TheoryData<FaultPhase, string, string> Faults => new()
    {
        { FaultPhase.Repair, "open_tree", "EPERM" },
        { FaultPhase.Repair, "setns", "EPERM" },
        { FaultPhase.Repair, "unshare", "ENOMEM" },
        { FaultPhase.Repair, "mount_setattr", "ENOMEM" },
        { FaultPhase.Repair, "move_mount", "EIO" },
        { FaultPhase.Repair, "umount2", "EBUSY" },
        { FaultPhase.Repair, "openat", "EMFILE" },
        { FaultPhase.NewWorker, "pipe2", "EMFILE" },
        { FaultPhase.NewWorker, "clone3,clone,vfork,fork", "EAGAIN" },
        { FaultPhase.NewWorker, "execve", "ENOMEM" },
        { FaultPhase.Replacement, "mkdir,mkdirat", "EROFS" },
        { FaultPhase.Replacement, "rename,renameat,renameat2", "EROFS" },
        { FaultPhase.Replacement, "execve", "ENOMEM" },
        { FaultPhase.Replacement, "move_mount", "EIO" },
        { FaultPhase.Withdrawal, "umount2", "EBUSY" },
        { FaultPhase.Withdrawal, "setns", "EPERM" },
        { FaultPhase.Withdrawal, "rename,renameat,renameat2", "EROFS" },
        { FaultPhase.Restoration, "move_mount", "EIO" },
        { FaultPhase.Restoration, "setns", "EPERM" },
        { FaultPhase.Restoration, "openat", "EMFILE" },
        { FaultPhase.Claim, "flock", "ENOLCK" },
        { FaultPhase.Claim, "rename,renameat,renameat2", "EROFS" },
        { FaultPhase.Claim, "move_mount", "EIO" },
        { FaultPhase.Release, "flock", "ENOLCK" },
        { FaultPhase.Release, "rename,renameat,renameat2", "EROFS" },
        { FaultPhase.Adoption, "pidfd_open", "EMFILE" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task LXCFS_serves_on_and_all_is_well_afterwards(FaultPhase phase, string call, string error)
    {
        await using var node = await Node.StartAsync();
        var scene = await FaultScenes.OfAsync(phase, node);
        var before = scene.IsNextAgents ? 0 : await FaultScene.FailuresAsync(scene.Agent);
        await using (await Tracer.FailingAsync(scene.Processes(), call, error))
        {
            await scene.BeginAsync();
            await Eventually.TrueAsync(
                async () => await FaultScene.FailuresAsync(scene.Agent) > before, () => $"nothing is counted: {scene.Agent.Log}");
            scene.AssertServes();
        }

        await scene.EndAsync();
        await IsQuietAsync(scene.Last());
    }

    [Fact]
    public async Task Without_a_descriptor_to_open_anything_with_it_serves_on_and_says_that_its_look_is_not_complete()
    {
        await using var node = await Node.StartAsync();
        var scene = await FaultScenes.OfAsync(FaultPhase.Repair, node);
        var agent = scene.Agent;
        var (decides, before) = (agent.Agent, await FaultScene.FailuresAsync(agent));
        var limited = scene.Processes();
        foreach (var pid in limited)
            await Command.RunAsync("prlimit", "--pid", $"{pid}", "--nofile=3:");
        await scene.BeginAsync();

        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.Equal(decides, agent.Agent);
        scene.AssertServes();
        foreach (var pid in limited.Where(pid => Processes.Status(pid, "State") is not null))
            await Command.RunAsync("prlimit", "--pid", $"{pid}", "--nofile=1024:");

        await scene.EndAsync();
        Assert.True(await FaultScene.FailuresAsync(agent) > before, agent.Log);
        scene.AssertServes();
    }

    /// <summary>Nothing is counted any more once the cause is gone.</summary>
    private static Task IsQuietAsync(AgentContainer agent) => Eventually.TrueAsync(
        async () =>
        {
            var before = await FaultScene.FailuresAsync(agent);
            await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
            return await FaultScene.FailuresAsync(agent) == before;
        },
        () => $"it goes on failing: {agent.Log}");
}
