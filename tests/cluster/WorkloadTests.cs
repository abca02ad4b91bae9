using LxcfsFunctions.ClusterTests.Rig;

namespace LxcfsFunctions.ClusterTests;

/// <summary>What controllers make pods of, on a real node: every container sees its own limits.</summary>
[Collection(ServedClusterTests.Name)]
public sealed class WorkloadTests(ServedCluster served)
{
    [Fact]
    public async Task Containers_of_a_Deployment_a_StatefulSet_and_a_DaemonSet_read_right_values_from_the_first_read_on()
    {
        await served.NeedAsync();
        var figures = await served.AroundAsync("workloads started anew", async () =>
        {
            string[] workloads = ["deployment/web", "statefulset/store", "daemonset/collector"];
            await served.Cluster.KubectlAsync($"rollout restart {string.Join(' ', workloads)} --namespace team");
            foreach (var workload in workloads)
                await served.Cluster.KubectlAsync($"rollout status {workload} --namespace team --timeout=110s");
        });
        Assert.True(figures is { Failed: 0, Wrong: 0, Reads: > 0 }, figures.ToString());
    }

    [Fact]
    public async Task A_Job_and_a_CronJob_complete_only_where_they_see_their_limits()
    {
        await served.NeedAsync();
        await served.Cluster.KubectlAsync("wait --for=condition=Complete job/once --namespace team --timeout=110s");
        await Eventually.NullAsync(async () =>
            await served.Cluster.KubectlAsync("get jobs --namespace team --output jsonpath={.items[?(@.status.succeeded==1)].metadata.ownerReferences[*].kind}") == "CronJob"
                ? null : await served.Cluster.KubectlAsync("get pods,jobs,cronjobs --namespace team"));
    }

    [Theory]
    [InlineData("free -k", @"Mem: +65536 ")]
    [InlineData("getconf _NPROCESSORS_ONLN", @"^1\s*$")]
    [InlineData("top -b -n 1 -E k", @"KiB Mem *:\D*65536(\.0)?\D* total")]
    [InlineData("lscpu", @"On-line CPU\(s\) list: +0\n")]
    public async Task Who_looks_by_exec_sees_the_limits(string command, string expected)
    {
        await served.NeedAsync();
        await served.Cluster.KubectlAsync("wait --for=condition=Ready pod/tools --namespace team --timeout=110s");
        var output = await served.Cluster.KubectlAsync($"exec --namespace team tools -- {command}");
        Assert.Matches(expected, output);
    }
}
