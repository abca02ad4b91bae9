using LxcfsAgent.Delivery;
using LxcfsAgent.Nri;
using LxcfsAgent.Tests.Workers;
using LxcfsAgent.Worker;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Delivery;

/// <summary>The plugin with workers that are played; real ones are a node's.</summary>
public sealed class DeliveryPluginTests : IDisposable
{
    private static readonly NriPod Pod = new("sandbox", "web-0", "uid", "shop", new Dictionary<string, string> { [LxcfsNames.Deliver] = LxcfsNames.DeliverNode }, "");
    private static readonly NriContainer Web = new("id", "sandbox", "web", NriContainerState.Unknown, 0, [], []);

    /// <summary>Longer than the plugin waits for it, and over before the plugin's thread is waited for no longer.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(1);

    private readonly AgentMetrics _metrics = new();
    private readonly RecordingLogger _logger = new();
    private readonly List<IDisposable> _all = [];

    public void Dispose()
    {
        _all.Reverse();
        _all.ForEach(one => one.Dispose());
    }

    [Fact]
    public void A_container_of_an_annotated_pod_gets_its_files_while_LXCFS_answers()
    {
        var answer = Plugin("one").CreateContainer(Pod, Web);

        Assert.Null(answer.Error);
        Assert.Equal(FileIdentity.All.Select(file => file.Target), answer.Mounts.Select(mount => mount.Destination));
        Assert.Equal(0, _metrics.Refused.Value);
    }

    [Fact]
    public void While_LXCFS_does_not_answer_a_container_waits_and_one_that_gets_nothing_does_not()
    {
        var plugin = Plugin("silent");

        // The second and the third are refused while the read of the first one hangs.
        for (var times = 1; times <= 3; times++)
        {
            Assert.Equal(DeliveryPolicy.NotServing, plugin.CreateContainer(Pod, Web).Error);
            Assert.Equal(times, _metrics.Refused.Value);
            Assert.Equal(NriAdjustment.None, plugin.CreateContainer(Pod with { Annotations = new Dictionary<string, string>() }, Web));
        }

        Assert.Equal(3, _logger.Lines.Count(line => line == "shop/web-0/web is not made, since LXCFS does not answer; its kubelet tries again"));
    }

    [Fact]
    public void While_one_container_is_slow_to_start_another_is_made()
    {
        var plugin = Plugin("silent", readers: "one");

        Assert.Null(plugin.StartContainer(Pod, Web with { Pid = Environment.ProcessId }));

        Assert.Null(plugin.CreateContainer(Pod, Web).Error);
        Assert.Equal((0, 0), (_metrics.Delivered.Value, _metrics.Refused.Value));
    }

    [Fact]
    public void A_process_that_has_ended_is_nobody_s()
    {
        var plugin = Plugin("one");

        Assert.Null(plugin.StartContainer(Pod, Web with { Pid = int.MaxValue }));
        plugin.Synchronize([Pod], [Web with { Pid = int.MaxValue, State = NriContainerState.Running }, Web with { PodSandboxId = "unknown", Pid = 1 }]);
        Assert.Equal(0, _metrics.Delivered.Value + _metrics.AttachedLate.Value + _metrics.DeliveryErrors.Value);
    }

    [Fact]
    public async Task Who_started_without_files_gets_them_once_this_agent_serves_the_node_and_who_holds_a_worker_up_keeps_nobody_waiting()
    {
        var serves = false;
        var late = Late("one", () => Volatile.Read(ref serves));
        foreach (var work in StandIn.Containers("held", "1", "2"))
            late.Add(new(work.Namespace, $"shop/{work.Namespace}", work, IsListed: false));
        late.Forget("mnt:[2]");
        Assert.Equal((2, 0), (late.Waiting, _metrics.AttachedLate.Value));

        Volatile.Write(ref serves, true);
        // A failure is logged the first time alone, so that nothing is after these two lines.
        await EventuallyAsync(() => late.Waiting == 1 && _metrics.DeliveryErrors.Value > 0 && _logger.Lines.Count == 2);

        Assert.Equal(1, _metrics.AttachedLate.Value);
        Assert.Contains(_logger.Lines, line => line.StartsWith("1 containers had started without the files of LXCFS", StringComparison.Ordinal) && line.EndsWith(": shop/mnt:[1]", StringComparison.Ordinal));
        Assert.Contains(_logger.Lines, line => line.StartsWith($"Could not bring shop/mnt:[held] the files of LXCFS: {WorkerPool.Held}", StringComparison.Ordinal));
    }

    /// <summary>Others may have started between the runtime's list and its first question.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Where_one_that_was_listed_had_started_bare_the_agent_registers_again(bool isListed, int asked)
    {
        var times = 0;
        var late = Late("one", () => true);
        late.ListedWereBare = () => Interlocked.Increment(ref times);
        late.Add(new("1", "shop/web", StandIn.Containers("1")[0], isListed));

        await EventuallyAsync(() => late.Waiting == 0 && _metrics.AttachedLate.Value == 1 && Volatile.Read(ref times) >= asked);

        Assert.Equal(asked, times);
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        for (var turn = 0; !holds(); turn++)
        {
            Assert.True(turn < 1200, "it does not come to be");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private DeliveryPlugin Plugin(string mode, string? readers = null) => Kept(new DeliveryPlugin(
        Workers(readers ?? mode), Workers(mode), "/var/lib/lxc/lxcfs", Kept(new ProcFolder()), Kept(new NamedNamespaces()), Late(mode, () => true), _metrics, _logger, LongestRead));

    private LateDelivery Late(string mode, Func<bool> mayAdd) => Kept(new LateDelivery(Workers(mode), "/var/lib/lxc/lxcfs", mayAdd, _metrics, _logger));

    private WorkerPool Workers(string mode) => Kept(new WorkerPool(_ => { }, StandIn.Limits, StandIn.Program(mode)));

    private T Kept<T>(T one)
        where T : IDisposable
    {
        _all.Add(one);
        return one;
    }
}
