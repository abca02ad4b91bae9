using System.Globalization;
using LxcfsAgent.Nri;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Nri;

/// <summary>The client at a real containerd 1.7, whose containers are asked for as the kubelet does.</summary>
public sealed class RealRuntimeTests : IDisposable
{
    private const string Deliver = LxcfsNames.Prefix + "/deliver";

    private readonly RealContainerd _containerd = RealContainerd.Start();
    private readonly KeepingPlugin _plugin = new();
    private readonly RecordingLogger _log = new();
    private readonly NriClient _client;
    private readonly Cri _cri;

    public RealRuntimeTests() => (_client, _cri) = (new(_containerd.NriSocket, _plugin, _log, TimeProvider.System), new(_containerd.CriSocket));

    public void Dispose()
    {
        _cri.Dispose();
        _client.Dispose();
        _containerd.Dispose();
    }

    [Fact]
    public async Task It_registers_the_plugin_and_calls_it_for_a_container_s_whole_life_and_again_after_its_own_death()
    {
        await Eventually(() => _client.IsRegistered, "registered");
        Assert.Contains(_log.Lines, line => line.StartsWith("Registered with the runtime containerd 1.7.", StringComparison.Ordinal) && line.EndsWith("which has 0 pods and 0 containers", StringComparison.Ordinal));

        var pod = Cri.Pod("web-0", Deliver, "node", _containerd.Cgroup);
        var sandbox = await _cri.RunPodAsync(pod);
        var container = await _cri.CreateAsync(sandbox, pod, "web", PauseImage.Name);
        await _cri.StartAsync(container);
        var (create, start) = (_plugin.Next("create"), _plugin.Next("start"));
        foreach (var told in (KeepingPlugin.Told[])[create, start])
        {
            Assert.Equal((sandbox, "web-0", "uid-web-0", "shop", "node"), (told.Pod.Id, told.Pod.Name, told.Pod.Uid, told.Pod.Namespace, told.Pod.Annotations[Deliver]));
            Assert.Equal((container, sandbox, "web"), (told.Container.Id, told.Container.PodSandboxId, told.Container.Name));
            Assert.Contains(told.Container.Mounts, mount => mount is { Destination: "/proc", Type: "proc" });
            Assert.Contains(told.Container.Namespaces, item => item.Type == "pid");
        }

        Assert.True(start.Container.Pid > 1, start.Container.ToString());
        Assert.StartsWith("13.", _containerd.Read(start.Container.Pid, "/proc/meminfo"), StringComparison.Ordinal);

        _containerd.Kill();
        await Eventually(() => _plugin.Lists.Count == 2, "registered again");
        var (pods, containers) = _plugin.Lists[1];
        Assert.Equal((sandbox, "node"), (Assert.Single(pods).Id, pods[0].Annotations[Deliver]));
        Assert.Equal((container, NriContainerState.Running, start.Container.Pid), (Assert.Single(containers).Id, containers[0].State, containers[0].Pid));
        Assert.Contains(containers[0].Mounts, mount => mount.Destination == "/proc/meminfo");

        await _cri.StopAsync(container);
        Assert.Equal(container, _plugin.Next("stop").Container.Id);
        await _cri.RemovePodAsync(sandbox);
    }

    [Fact]
    public async Task An_error_of_the_plugin_s_is_what_the_kubelet_is_told_and_the_next_try_works()
    {
        await Eventually(() => _client.IsRegistered, "registered");
        var pod = Cri.Pod("web-1", Deliver, "node", _containerd.Cgroup);
        var sandbox = await _cri.RunPodAsync(pod);
        _plugin.Error = "LXCFS is starting";
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => _cri.CreateAsync(sandbox, pod, "web", PauseImage.Name));
        Assert.Contains("LXCFS is starting", error.Message, StringComparison.Ordinal);

        _plugin.Error = null;
        await _cri.CreateAsync(sandbox, pod, "web", PauseImage.Name);
        await _cri.RemovePodAsync(sandbox);
    }

    private async Task Eventually(Func<bool> holds, string what)
    {
        for (var turn = 0; !holds(); turn++)
        {
            Assert.True(turn < 1200, string.Create(CultureInfo.InvariantCulture, $"not {what}: {string.Join('\n', _log.Lines)}"));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Gives each container a file of the node's in place of /proc/meminfo.</summary>
    private sealed class KeepingPlugin : INriPlugin
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Told> _told = new();

        public List<(IReadOnlyList<NriPod> Pods, IReadOnlyList<NriContainer> Containers)> Lists { get; } = [];

        public string? Error { get; set; }

        public NriAdjustment CreateContainer(NriPod pod, NriContainer container)
        {
            _told.Enqueue(new("create", pod, container));
            return new([new("/proc/meminfo", "bind", "/etc/debian_version", ["rbind", "rprivate", "ro"])], ["/proc/meminfo"], Error);
        }

        public string? StartContainer(NriPod pod, NriContainer container)
        {
            _told.Enqueue(new("start", pod, container));
            return null;
        }

        public void StopContainer(NriPod pod, NriContainer container) => _told.Enqueue(new("stop", pod, container));

        public void Synchronize(IReadOnlyList<NriPod> pods, IReadOnlyList<NriContainer> containers) => Lists.Add((pods, containers));

        public Told Next(string call)
        {
            Told? told = null;
            Assert.True(SpinWait.SpinUntil(() => _told.TryDequeue(out told), TimeSpan.FromMinutes(1)), $"no {call}");
            Assert.Equal(call, told!.Call);
            return told;
        }

        internal sealed record Told(string Call, NriPod Pod, NriContainer Container);
    }
}
