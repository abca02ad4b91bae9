using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>Stored pods of every kind, run as they are stored. Memory is in KiB, as /proc/meminfo tells it.</summary>
public sealed class RunningPodTests(SharedCluster clusters, SharedNode nodes)
{
    /// <summary>
    /// By read(2). busybox's cat uses sendfile(2), which goes by the size that the kernel remembers of a file, and that is 0 when the
    /// last to ask LXCFS for it was a process outside of the node's process namespace: these tests are.
    /// </summary>
    private static readonly string[] ReadsMemory = ["grep", "MemTotal", "/proc/meminfo"];

    private static string NodesMemory => MemoryIn(File.ReadAllText("/proc/meminfo"));

    [Fact]
    public async Task Every_container_of_a_pod_sees_its_own_limits_an_init_container_and_a_restarted_one_too()
    {
        var pod = Pods.Plain("app");
        pod["spec"]!["initContainers"] = new JsonArray(Pods.Container("prepare", "64Mi", ReadsMemory));
        pod["spec"]!["containers"]!.AsArray().Add(Pods.Container("helper", "128Mi"));

        var played = await RunAsync(pod);

        Assert.Equal($"{64 << 10}", MemoryIn(played.OutputOf("prepare")));
        Assert.Equal($"{256 << 10}", await MemoryAsync(played, "app"));
        Assert.Equal($"{128 << 10}", await MemoryAsync(played, "helper"));
        await played.RestartAsync("helper");
        Assert.Equal($"{128 << 10}", await MemoryAsync(played, "helper"));
        await played.StopAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task Containers_that_share_their_processes_see_the_sum_as_the_warning_says()
    {
        var cluster = await clusters.OwnAsync();
        var pod = Pods.Plain("app");
        pod["spec"]!["shareProcessNamespace"] = true;
        pod["spec"]!["containers"]!.AsArray().Add(Pods.Container("helper", "128Mi"));
        var answer = await cluster.Api.CreatePodAsync(await cluster.NamespaceAsync(), pod);

        var played = await (await nodes.KubeletAsync()).RunAsync(answer.Succeeded().ToJsonString());

        Assert.Equal(["lxcfs: shareProcessNamespace: every container sees the sum of the pod's limits"], answer.Warnings);
        Assert.Equal($"{(256 + 128) << 10}", await MemoryAsync(played, "app"));
        await played.StopAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_pod_that_opted_out_sees_the_node()
    {
        var played = await RunAsync(Pods.Annotated("app", LxcfsNames.Mutate, "false"));

        Assert.Equal(NodesMemory, await MemoryAsync(played, "app"));
        await played.StopAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_pod_waits_on_a_node_without_LXCFS_and_starts_when_it_is_there()
    {
        var cluster = await clusters.OwnAsync();
        var stored = (await cluster.Api.CreatePodAsync(await cluster.NamespaceAsync(), Pods.Plain("app"))).Succeeded().ToJsonString();
        await using var node = await Node.StartAsync();
        var kubelet = await PlayedKubelet.StartAsync(node);

        var failure = await Assert.ThrowsAsync<MountFailedException>(() => kubelet.RunAsync(stored));
        await AgentContainer.ReadyAsync(node, "agent");
        var played = await kubelet.RunAsync(stored);

        Assert.Equal("hostPath type check failed: /var/lib/lxc/lxcfs/proc/cpuinfo is not a file", failure.Message);
        Assert.Equal($"{256 << 10}", await MemoryAsync(played, "app"));
    }

    /// <summary>
    /// Kubernetes 1.20 reviews a kind of its own here, which does not say what volumes the pod has. From 1.22 on the review is of
    /// the pod, as the captures of 1.36 have it, and kubectl debug can be used, which speaks to no server as old as 1.20.
    /// </summary>
    [Fact]
    public async Task A_debug_container_on_an_API_server_of_1_20_is_left_as_it_is_and_sees_the_node()
    {
        var cluster = await clusters.OwnAsync();
        var team = await cluster.NamespaceAsync();
        var stored = (await cluster.Api.CreatePodAsync(team, Pods.Plain("app"))).Succeeded();
        await cluster.Kubectl.RunAsync(
            $"replace --raw /api/v1/namespaces/{team}/pods/app/ephemeralcontainers --filename -",
            """
            {
              "apiVersion": "v1", "kind": "EphemeralContainers", "metadata": { "name": "app" },
              "ephemeralContainers": [{
                "name": "debugger", "image": "localhost/busybox:test", "targetContainerName": "app",
                "imagePullPolicy": "IfNotPresent", "terminationMessagePolicy": "File"
              }]
            }
            """);
        var debugger = Assert.Single((await cluster.Api.GetAsync($"api/v1/namespaces/{team}/pods/app"))["spec"]!["ephemeralContainers"]!.AsArray())!;

        var played = await (await nodes.KubeletAsync()).RunAsync(stored.ToJsonString());
        await played.StartAsync(KubernetesJson.Deserialize<V1Container>(debugger.ToJsonString()), target: "app");

        Assert.Equal("NothingToDo", Audit.Annotations(cluster.Audit.Of(team, "app"), $"mutate.{LxcfsNames.Prefix}")["reason"]);
        Assert.Null(debugger["volumeMounts"]);
        Assert.Equal(NodesMemory, await MemoryAsync(played, "debugger"));
        Assert.Equal($"{256 << 10}", await MemoryAsync(played, "app"));
        await played.StopAsync(TimeSpan.Zero);
    }

    private async Task<PlayedPod> RunAsync(JsonObject pod)
    {
        var cluster = await clusters.OwnAsync();
        var stored = (await cluster.Api.CreatePodAsync(await cluster.NamespaceAsync(), pod)).Succeeded();
        return await (await nodes.KubeletAsync()).RunAsync(stored.ToJsonString());
    }

    private static async Task<string> MemoryAsync(PlayedPod pod, string container)
    {
        var read = "";
        // ctr loses the output of a program that ends before its pipes are open.
        await Eventually.TrueAsync(
            async () => (read = await pod.ExecAsync(container, ReadsMemory)).Length > 0, () => $"{container} reads nothing");
        return MemoryIn(read);
    }

    private static string MemoryIn(string meminfo) => meminfo.Split('\n')
        .Where(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
        .FirstOrDefault($"no MemTotal in: {meminfo}");
}
