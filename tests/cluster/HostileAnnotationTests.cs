using System.Text.Json.Nodes;
using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>What tenants write into annotations of pods in a namespace that is not opted in: nobody looks at these but the node.</summary>
[Collection(DeliveredClusterTests.Name)]
public sealed class HostileAnnotationTests(DeliveredCluster delivered)
{
    private const string Prefix = "lxcfs-admission-webhook.raids-lab.github.io/", Others = DeliveredCluster.Others;

    /// <summary>Just below what an API server takes of all annotations together.</summary>
    private const int Long = 250_000;

    private const int Many = 1_000;

    private static readonly string[] Files =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/loadavg", "/proc/meminfo", "/proc/slabinfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/sys/devices/system/cpu/online", "/sys/devices/system/cpu/present",
    ];

    private BootedCluster Cluster => delivered.Cluster;

    private NodeProcesses Processes => Cluster.Processes;

    [Fact]
    public async Task Whatever_annotations_say_a_container_gets_read_only_files_about_itself_or_none_and_the_node_goes_on()
    {
        await delivered.NeedAsync();
        var before = (Processes.Running("containerd"), Processes.Running("kubelet"), Assert.Single(Processes.Deciding));
        var owners = JsonNode.Parse(await Cluster.KubectlAsync($"get pod one --namespace {DeliveredCluster.Team} --output json"))!["metadata"]!;
        (string Name, bool IsServed, JsonObject Annotations)[] cases =
        [
            ("plain", true, Deliver("node")),
            ("capital", false, Deliver("Node")),
            ("space", false, Deliver(" node")),
            ("lines", false, Deliver("node\nnode")),
            ("null-byte", false, Deliver("node\0")),
            ("empty", false, Deliver("")),
            ("host-path", false, Deliver("hostPath")),
            ("long", false, Deliver(new string('n', Long))),
            ("excepted", false, Deliver("node", ("deliver-except", "app"))),
            ("skipped", false, Deliver("node", ("skip-containers", ",, app ,,"))),
            ("paths", true, Deliver("node", ("deliver-except", "../../app,/proc/meminfo,*"))),
            ("many-names", true, Deliver("node", ("deliver-except", string.Concat(Enumerable.Repeat("a,", Many))))),
            // More than the agent keeps of a pod.
            ("too-many", false, Deliver("node", ("deliver-except", string.Concat(Enumerable.Repeat("a,", Long / 2))))),
            ("of-another", true, owners["annotations"]!.DeepClone().AsObject()),
            ("the-runtime-s", true, new(Deliver("node").Select(Clone).Concat(RuntimesOf(owners)))),
        ];
        var pods = await Task.WhenAll(cases.Select(item => ReadingPod.CreateAsync(Cluster, Others, item.Name, annotations: item.Annotations.ToJsonString())));
        try
        {
            await Eventually.NullAsync(() => pods.FirstOrDefault(pod => !pod.HasStarted()) is { } late ? $"{late.Name} does not run" : null);
            var mounted = await Task.WhenAll(pods.Select(MountsAsync));
            foreach (var ((name, isServed, _), mounts) in cases.Zip(mounted))
                Assert.True(mounts.Order(StringComparer.Ordinal).SequenceEqual(isServed ? Files : []), $"{name}: {string.Join(", ", mounts)}");
            foreach (var (pod, _) in pods.Zip(cases).Where(pair => pair.Second.IsServed))
            {
                using var counts = pod.Counts();
                Assert.True(counts is { Wrong: 0, Failed: 0 }, $"{counts}");
            }
        }
        finally
        {
            await Cluster.DeleteAtOnceAsync(Others, cases.Select(item => item.Name));
        }

        Assert.Equal(before, (Processes.Running("containerd"), Processes.Running("kubelet"), Assert.Single(Processes.Deciding)));
        await Cluster.NodeIsReadyAsync();
    }

    private static JsonObject Deliver(string value, params IEnumerable<(string Name, string Value)> more)
    {
        var annotations = new JsonObject { [Prefix + "deliver"] = value };
        foreach (var (name, text) in more)
            annotations[Prefix + name] = text;
        return annotations;
    }

    private static KeyValuePair<string, JsonNode?> Clone(KeyValuePair<string, JsonNode?> item) => new(item.Key, item.Value?.DeepClone());

    /// <summary>What the runtime itself says of another pod's sandbox.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> RuntimesOf(JsonNode owner) =>
    [
        new("io.kubernetes.cri.sandbox-name", (string)owner["name"]!),
        new("io.kubernetes.cri.sandbox-namespace", (string)owner["namespace"]!),
        new("io.kubernetes.cri.sandbox-uid", (string)owner["uid"]!),
        new("io.kubernetes.cri.container-type", "sandbox"),
    ];

    /// <summary>The targets of LXCFS's files in it, each of which is read-only and shows no other file than its own.</summary>
    private async Task<IReadOnlyList<string>> MountsAsync(ReadingPod pod)
    {
        var table = await Cluster.KubectlAsync($"exec --namespace {pod.Namespace} {pod.Name} -- cat /proc/self/mountinfo");
        List<string> targets = [];
        foreach (var fields in table.Split('\n').Where(line => line.Contains(" - fuse.lxcfs ", StringComparison.Ordinal)).Select(line => line.Split(' ')))
        {
            Assert.Contains("ro", fields[5].Split(','));
            Assert.Equal(fields[4].Replace("/present", "/online", StringComparison.Ordinal), fields[3]);
            targets.Add(fields[4]);
        }

        return targets;
    }
}
