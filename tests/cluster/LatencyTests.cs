using System.Diagnostics;
using System.Globalization;
using LxcfsAgent.Nri;
using LxcfsAgent.Tests.Nri;
using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>What the runtime's question to the agent adds to each container. It is printed and not judged: a busy machine is slower.</summary>
[Collection(DeliveredClusterTests.Name)]
public sealed class LatencyTests(DeliveredCluster delivered, EventReport report)
{
    private const int Rounds = 3, Each = 12;
    private const string Image = "localhost/pause:test";
    private const string Deliver = "lxcfs-admission-webhook.raids-lab.github.io/deliver";

    private int _containers;

    private BootedCluster Cluster => delivered.Cluster;

    [Fact]
    public async Task Creating_and_starting_a_container_is_measured_with_the_agent_asked_and_without()
    {
        await delivered.NeedAsync();
        // It would end containers that it has not asked for.
        await Cluster.Node.StopAsync("kubelet");
        try
        {
            using var cri = new Cri(Cluster.Processes.FromOutside("/run/containerd/containerd.sock"));
            var agent = Assert.Single(Cluster.Processes.Deciding);
            var (annotated, other) = (await RunAsync(cri, "annotated", Deliver), await RunAsync(cri, "other", "none"));
            List<Times> with = [], without = [], nobody = [];
            for (var round = 0; round < Rounds; round++)
            {
                for (var turn = 0; turn < Each; turn++)
                {
                    with.Add(await StartAsync(cri, annotated, hasFiles: true));
                    without.Add(await StartAsync(cri, other, hasFiles: false));
                }

                NodeProcesses.Stop(agent);
                try
                {
                    // The runtime waits for the agent once, and asks it no more.
                    await StartAsync(cri, other, hasFiles: false);
                    for (var turn = 0; turn < Each; turn++)
                        nobody.Add(await StartAsync(cri, other, hasFiles: false));
                }
                finally
                {
                    NodeProcesses.Continue(agent);
                }

                await Eventually.NullAsync(async () => (await StartAsync(cri, annotated)).HasFiles ? null : "the agent is not registered again");
                // It registers once more two seconds after it has found that one of these had started bare.
                await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
                await Eventually.NullAsync(async () => (await StartAsync(cri, annotated)).HasFiles ? null : "the agent is not registered any more");
            }

            await cri.RemovePodAsync(annotated.Sandbox);
            await cri.RemovePodAsync(other.Sandbox);
            report.Add($"CreateContainer and StartContainer, medians of {Rounds * Each}: nobody is asked {Medians(nobody)}; the agent is, without the annotation {Medians(without)}; with it {Medians(with)}");
        }
        finally
        {
            await Cluster.Node.StartAsync("kubelet");
        }

        await Cluster.NodeIsReadyAsync();
    }

    private async Task<Pod> RunAsync(Cri cri, string name, string annotation)
    {
        var pod = Cri.Pod(name, annotation, "node", $"/{Path.GetFileName(Cluster.Folder)}/{name}");
        return new(pod, await cri.RunPodAsync(pod));
    }

    private async Task<Times> StartAsync(Cri cri, Pod pod, bool hasFiles)
    {
        var times = await StartAsync(cri, pod);
        Assert.Equal(hasFiles, times.HasFiles);
        return times;
    }

    private async Task<Times> StartAsync(Cri cri, Pod pod)
    {
        var took = Stopwatch.StartNew();
        var container = await cri.CreateAsync(pod.Sandbox, pod.Message, $"c{_containers++}", Image);
        var create = took.Elapsed;
        await cri.StartAsync(container);
        var start = took.Elapsed - create;
        var bundle = Cluster.Processes.FromOutside($"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{container}/config.json");
        var spec = await File.ReadAllTextAsync(bundle, TestContext.Current.CancellationToken);
        await cri.StopAsync(container);
        return new(create, start, spec.Contains("\"/proc/meminfo\"", StringComparison.Ordinal) && spec.Contains("/var/lib/lxc/lxcfs", StringComparison.Ordinal));
    }

    private static string Medians(List<Times> times) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(times.Select(each => each.Create)):0.0} and {Median(times.Select(each => each.Start)):0.0} ms");

    private static double Median(IEnumerable<TimeSpan> times) => times.Order().ElementAt(Rounds * Each / 2).TotalMilliseconds;

    private sealed record Pod(ProtoWriter Message, string Sandbox);

    private sealed record Times(TimeSpan Create, TimeSpan Start, bool HasFiles);
}
