using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

public sealed class NodeTests(SharedCluster shared)
{
    [Fact]
    public async Task A_stored_pod_runs_and_sees_its_limits()
    {
        var cluster = await shared.OwnAsync();
        await using var node = await Node.StartAsync();
        var kubelet = await PlayedKubelet.StartAsync(node);
        await AgentContainer.ReadyAsync(node, "agent");
        var stored = (await cluster.Api.CreatePodAsync(await cluster.NamespaceAsync(), Pods.Plain("app"))).Succeeded();

        var pod = await kubelet.RunAsync(stored.ToJsonString());

        Assert.Contains("MemTotal:         262144 kB\n", await pod.ExecAsync("app", "cat", "/proc/meminfo"), StringComparison.Ordinal);
        await pod.StopAsync(TimeSpan.Zero);
    }
}
