using k8s.Models;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>A pod that runs on a node, container by container.</summary>
internal sealed class PlayedPod
{
    /// <summary>Where the network, the host name and, if the pod shares them, the processes are.</summary>
    private const string Sandbox = "sandbox";

    private readonly Dictionary<string, PodContainer> _containers = [];
    private readonly Dictionary<string, string> _outputs = [];
    private readonly IReadOnlyDictionary<string, string> _volumes;
    private readonly V1Pod _pod;
    private readonly Node _node;

    /// <param name="volumes">The node's paths of the pod's volumes, by their names.</param>
    public PlayedPod(Node node, V1Pod pod, IReadOnlyDictionary<string, string> volumes) => (_node, _pod, _volumes) = (node, pod, volumes);

    public IEnumerable<string> Names => _containers.Keys.Where(name => name != Sandbox);

    private string Cgroup => $"/{_node.Name}/kubepods/pod{_pod.Uid()}";

    public PodContainer this[string name] => _containers[name];

    /// <summary>What an init container printed before it ended.</summary>
    public string OutputOf(string initContainer) => _outputs[initContainer];

    public Task<string> ExecAsync(string container, params string[] command) => this[container].ExecAsync(command);

    public async Task StartAsync()
    {
        _containers[Sandbox] = await PodContainer.StartAsync(_node, Cgroup, Id(Sandbox), "busybox", [], ["/bin/sleep", "1000000"]);
        PodCgroup.Limit(Cgroup, _pod.Spec);
        foreach (var container in _pod.Spec.InitContainers ?? [])
            _outputs[container.Name] = await CompleteAsync(container);
        foreach (var container in _pod.Spec.Containers)
            await StartAsync(container);
    }

    /// <param name="target">Whose processes it shares, as kubectl debug has it with --target.</param>
    public async Task StartAsync(V1Container container, string? target = null) => _containers[container.Name] = await PodContainer.StartAsync(
        _node, Cgroup, Id(container.Name), Image(container), Options(container, target), ContainerOptions.Command(container));

    /// <summary>All at once, as a kubelet stops them; nothing is left of the pod.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await Task.WhenAll(_containers.Where(pair => pair.Key != Sandbox).Select(pair => pair.Value.StopAsync(grace)));
        if (_containers.TryGetValue(Sandbox, out var sandbox))
            await sandbox.KillAsync();
        _containers.Clear();
        Cgroups.Remove(Cgroup.TrimStart('/'));
    }

    /// <summary>A container that ended is started again from the same pod, with the same mounts.</summary>
    public async Task RestartAsync(string name)
    {
        await _containers[name].KillAsync();
        await StartAsync(_pod.Spec.Containers.Single(container => container.Name == name));
    }

    private async Task<string> CompleteAsync(V1Container container) => await _node.RunAsync(
    [
        "ctr", "run", "--rm", "--cgroup", $"{Cgroup}/{Id(container.Name)}", .. Options(container, target: null),
        await _node.ImageAsync(Image(container)), Id(container.Name), .. ContainerOptions.Command(container),
    ]);

    private IEnumerable<string> Options(V1Container container, string? target)
    {
        var sandbox = _containers[Sandbox].PidInNode;
        foreach (var kind in (string[])["network", "ipc", "uts"])
            yield return $"--with-ns={kind}:/proc/{sandbox}/ns/{(kind == "network" ? "net" : kind)}";
        var processes = _pod.Spec.HostPID is true ? 1 : _pod.Spec.ShareProcessNamespace is true ? sandbox : target is null ? 0 : this[target].PidInNode;
        if (processes != 0)
            yield return $"--with-ns=pid:/proc/{processes}/ns/pid";
        if ((container.SecurityContext?.RunAsUser ?? _pod.Spec.SecurityContext?.RunAsUser) is not null)
            CheckUser(container);
        foreach (var option in ContainerOptions.Of(container, _pod.Spec.SecurityContext, _volumes))
            yield return option;
    }

    private void CheckUser(V1Container container) =>
        ContainerOptions.CheckUser(container, _pod.Spec.SecurityContext, new(Artifacts.Require($"{Image(container)}.tar")));

    private string Id(string container) => $"{_pod.Uid()[..8]}-{container}";

    /// <summary>The images that prepare.sh built are all there is.</summary>
    private static string Image(V1Container container) => container.Image.Split('/')[^1].Split(':')[0];
}
