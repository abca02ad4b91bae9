using System.Globalization;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd;

/// <summary>From a manifest to what the programs in its containers say.</summary>
public sealed class ManifestTests(SharedCluster clusters, SharedNode nodes)
{
    /// <summary>What people look at, as one shell prints it: a name and a value in each line.</summary>
    private const string Look = """
        echo free $(free -m | awk '/^Mem:/ { print $2 }')
        echo top $(top -bn1 | sed -n 's/^MiB Mem *: *\([0-9]*\).*/\1/p')
        echo meminfo $(($(awk '/^MemTotal:/ { print $2 }' /proc/meminfo) / 1024))
        echo nproc $(nproc)
        echo getconf $(getconf _NPROCESSORS_ONLN)
        echo lscpu $(lscpu | sed -n 's/^On-line CPU(s) list: *//p')
        echo cpuinfo $(grep -c ^processor /proc/cpuinfo)
        echo stat $(grep -c '^cpu[0-9]' /proc/stat)
        echo uptime $(cut -d. -f1 /proc/uptime)
        echo files $(cat /proc/swaps /proc/loadavg /proc/diskstats /proc/slabinfo >/dev/null && echo readable)
        """;

    private static readonly int NodeCpus = File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));

    private static string NodeMegabytes => $"{long.Parse(
        File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024}";

    [Fact]
    public async Task Labelling_the_namespace_turns_the_node_s_values_into_the_pod_s_limits()
    {
        var cluster = await clusters.OwnAsync();
        await cluster.Kubectl.RunAsync("create namespace team");
        var before = await LookAsync(await ApplyAsync(cluster, "team", Tools("before")));
        await cluster.Kubectl.RunAsync("label namespace team lxcfs-admission-webhook=enabled");
        await cluster.IsServedAsync("team");
        var after = await LookAsync(await ApplyAsync(cluster, "team", Tools("after")));

        foreach (var memory in (string[])["free", "top", "meminfo"])
            Assert.Equal((memory, NodeMegabytes, "256"), (memory, before[memory], after[memory]));
        foreach (var cpus in (string[])["getconf", "cpuinfo", "stat"])
            Assert.Equal((cpus, $"{NodeCpus}", "1"), (cpus, before[cpus], after[cpus]));
        Assert.Equal("0", after["lscpu"]);
        // GNU nproc asks for the affinity mask, which no file shows; the profile omp is for such programs.
        Assert.Equal((before["nproc"], "readable"), (after["nproc"], after["files"]));
        Assert.True(int.Parse(after["uptime"], CultureInfo.InvariantCulture) < int.Parse(before["uptime"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_profile_tells_the_limits_to_programs_that_ask_the_kernel()
    {
        var cluster = await clusters.OwnAsync();
        var pod = Tools("app");
        pod["metadata"]!["annotations"] = new JsonObject { [LxcfsNames.Env] = "omp" };

        var seen = await LookAsync(await ApplyAsync(cluster, await cluster.NamespaceAsync(), pod));

        Assert.Equal("1", seen["nproc"]);
    }

    private static JsonObject Tools(string name)
    {
        var pod = Pods.Plain(name);
        pod["spec"]!["containers"]![0]!["image"] = "localhost/programs:test";
        return pod;
    }

    private async Task<PlayedPod> ApplyAsync(Cluster cluster, string @namespace, JsonObject pod)
    {
        await cluster.Kubectl.RunAsync($"apply --namespace {@namespace} --filename -", pod.ToJsonString());
        var stored = await cluster.Kubectl.RunAsync($"get pod {pod["metadata"]!["name"]} --namespace {@namespace} --output json");
        return await (await nodes.KubeletAsync()).RunAsync(stored);
    }

    private static async Task<Dictionary<string, string>> LookAsync(PlayedPod pod)
    {
        var printed = await pod.ExecAsync("app", "sh", "-c", Look);
        await pod.StopAsync(TimeSpan.Zero);
        return printed.Trim().Split('\n').Select(line => line.Split(' ', 2)).ToDictionary(line => line[0], line => line[1]);
    }
}
