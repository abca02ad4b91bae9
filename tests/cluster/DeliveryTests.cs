using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>Files that the node brings, by a real kubelet and containerd, in a namespace that enforces restricted.</summary>
[Collection(DeliveredClusterTests.Name)]
public sealed partial class DeliveryTests(DeliveredCluster delivered)
{
    private const string Team = DeliveredCluster.Team;

    private BootedCluster Cluster => delivered.Cluster;

    [Fact]
    public async Task A_pod_without_a_volume_shows_its_own_limits_to_who_looks_by_exec()
    {
        await delivered.NeedAsync();
        try
        {
            await Cluster.ApplyAsync($"tests/cluster/TestData/delivery/free.yaml --namespace {Team}");
            await Cluster.KubectlAsync($"wait --for=condition=Ready pod/free --namespace {Team} --timeout=110s");
            Assert.Matches(@"Mem: +64 ", await Cluster.KubectlAsync($"exec --namespace {Team} free -- free -m"));
            Assert.Matches(@"^1\s*$", await Cluster.KubectlAsync($"exec --namespace {Team} free -- getconf _NPROCESSORS_ONLN"));

            var stored = JsonNode.Parse(await Cluster.KubectlAsync($"get pod free --namespace {Team} --output json"))!;
            Assert.Null(stored["spec"]!["volumes"]);
            Assert.Null(stored["spec"]!["containers"]![0]!["volumeMounts"]);
            Assert.Equal("node", (string?)stored["metadata"]!["annotations"]!["lxcfs-admission-webhook.raids-lab.github.io/deliver"]);

            await Cluster.KubectlAsync($"replace --raw /api/v1/namespaces/{Team}/pods/free/ephemeralcontainers --filename -", Debugger);
            await Eventually.NullAsync(async () => Total(await LogsAsync("free", "debugger")) is { } total && total == Total(await MeminfoAsync("free"))
                ? null : $"the debug container reads {await LogsAsync("free", "debugger")}");
        }
        finally
        {
            await Cluster.DeleteAtOnceAsync(Team, "free");
        }
    }

    [Fact]
    public async Task The_first_read_of_a_static_program_is_its_own_limits_in_every_kind_of_container_and_after_a_restart()
    {
        await delivered.NeedAsync();
        try
        {
            await Cluster.ApplyAsync($"tests/cluster/TestData/delivery/first-read.yaml --namespace {Team}");
            await Eventually.NullAsync(async () =>
            {
                var restarts = await Cluster.KubectlAsync($"get pod first-read --namespace {Team} --output jsonpath={{.status.containerStatuses[*].restartCount}}");
                return restarts.Split(' ') is [not ("" or "0"), not ("" or "0")] ? null : $"restarted {restarts}";
            });
            foreach (var (container, total, processors) in ((string, string, int)[])[("init", "49152", 1), ("app", "65536", 1), ("sidecar", "32768", 2)])
            {
                foreach (var instance in container == "init" ? (string[])[""] : ["", " --previous"])
                {
                    var read = "";
                    // One that is being started has said nothing yet.
                    await Eventually.NullAsync(async () => Total(read = await LogsAsync("first-read", container + instance)) is null ? $"{container}{instance} says nothing" : null);
                    Assert.Equal(total, Total(read));
                    Assert.Equal(processors, Regex.Count(read, "^processor", RegexOptions.Multiline));
                }
            }
        }
        finally
        {
            await Cluster.DeleteAtOnceAsync(Team, "first-read");
        }
    }

    [Fact]
    public async Task Pods_that_start_with_nothing_amiss_read_right_values_from_the_first_read_on_and_others_get_nothing()
    {
        await delivered.NeedAsync();
        string? others = null;
        var (running, starting) = await delivered.AroundAsync("nothing", async pods =>
        {
            await pods.CreateAsync();
            await pods.AllRunAsync();
            others = await Cluster.KubectlAsync($"exec --namespace {DeliveredCluster.Others} {pods.Others[0].Name} -- cat /proc/self/mountinfo /proc/meminfo");
        });
        Assert.True(running is { Failed: 0, Wrong: 0 }, running.ToString());
        Assert.True(starting is { Bare: 0, Failed: 0 }, starting.ToString());
        Assert.DoesNotContain("fuse.lxcfs", others, StringComparison.Ordinal);
        Assert.Equal(Total(await File.ReadAllTextAsync("/proc/meminfo", TestContext.Current.CancellationToken)), Total(others!));
        await Cluster.AgentAsync("status");
    }

    [Fact]
    public async Task A_pod_waits_until_an_agent_is_there_that_the_runtime_asks_and_reads_right_values_from_the_first_read_on()
    {
        await delivered.NeedAsync();
        var (running, starting) = await delivered.AroundAsync("DaemonSet deleted and made again", async pods =>
        {
            await Cluster.KubectlAsync("delete daemonset lxcfs --namespace lxcfs-system --wait");
            await Eventually.NullAsync(async () =>
                await Cluster.KubectlAsync("get pods --namespace lxcfs-system --output name") is { Length: > 0 } left ? left : null);
            Assert.Equal("", await delivered.LabelledAsync());
            await pods.CreateAsync();
            await pods.OthersRunAsync();
            foreach (var pod in pods.Delivered)
            {
                var scheduled = await Cluster.KubectlAsync(
                    $"get pod {pod.Name} --namespace {Team} --output jsonpath={{.status.phase}}:{{.status.conditions[?(@.type==\"PodScheduled\")].reason}}");
                Assert.Equal("Pending:Unschedulable", scheduled);
            }

            (await delivered.Installation.DeployAsync("register")).Succeeded();
        });
        Assert.Equal(0UL, running.Failed);
        Assert.True(starting is { Bare: 0, Failed: 0 }, starting.ToString());
    }

    private static string Debugger => """
        {
          "apiVersion": "v1", "kind": "EphemeralContainers", "metadata": { "name": "free" },
          "ephemeralContainers": [{
            "name": "debugger", "image": "localhost/busybox:test", "command": ["/bin/cat", "/proc/meminfo"],
            "imagePullPolicy": "IfNotPresent", "terminationMessagePolicy": "File"
          }]
        }
        """;

    private Task<string> MeminfoAsync(string pod) => Cluster.KubectlAsync($"exec --namespace {Team} {pod} -- cat /proc/meminfo");

    private async Task<string> LogsAsync(string pod, string container) =>
        (await Cluster.TryKubectlAsync($"logs --namespace {Team} {pod} --container {container}")).Output;

    private static string? Total(string meminfo) => MemTotal().Match(meminfo) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("^MemTotal: +([0-9]+) kB", RegexOptions.Multiline)]
    private static partial Regex MemTotal();
}
