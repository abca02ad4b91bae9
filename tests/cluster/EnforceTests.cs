using System.Text.Json.Nodes;
using LxcfsFunctions.ClusterTests.Rig;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.ClusterTests;

/// <summary>The component enforce while the functions are away.</summary>
[Collection(ServedClusterTests.Name)]
public sealed class EnforceTests(ServedCluster served)
{
    private const string Functions = "deployment/lxcfs-functions --namespace lxcfs-functions";
    private const string Webhook = "validate.lxcfs-admission-webhook.raids-lab.github.io";

    private BootedCluster Cluster => served.Cluster;

    [Fact]
    public async Task Creations_are_refused_with_the_reason_and_what_runs_ends_as_ever()
    {
        await served.NeedAsync();
        await Cluster.ApplyAsync("tests/cluster/TestData/waiting-job.yaml");
        await Cluster.KubectlAsync("wait --for=condition=Ready pod/held --namespace team --timeout=110s");
        await Cluster.KubectlAsync("wait --for=condition=Ready pod --selector job-name=waiting --namespace team --timeout=110s");
        await served.Installation.UpAsync("enforce");
        try
        {
            await Cluster.KubectlAsync($"scale {Functions} --replicas=0");
            await Eventually.NullAsync(async () => await CreateAsync() is { ExitCode: not 0 } ? null : "pods are still made");
            var refused = await CreateAsync();
            Assert.Contains($"failed calling webhook \"{Webhook}\"", refused.Error, StringComparison.Ordinal);
            Assert.Contains(await File.ReadAllLinesAsync(Cluster.AuditLog, TestContext.Current.CancellationToken), IsRefusal);

            var job = await Cluster.KubectlAsync("get pods --selector job-name=waiting --namespace team --output jsonpath={.items[0].metadata.name}");
            await Cluster.KubectlAsync($"exec --namespace team {job} -- touch /tmp/enough");
            await Cluster.KubectlAsync("wait --for=condition=Complete job/waiting --namespace team --timeout=110s");
            await Cluster.KubectlAsync("delete pod held --namespace team --wait=false");
            await Cluster.KubectlAsync("patch pod held --namespace team --type=merge --patch={\"metadata\":{\"finalizers\":null}}");
            await Cluster.KubectlAsync("wait --for=delete pod/held --namespace team --timeout=110s");
        }
        finally
        {
            await Cluster.KubectlAsync($"scale {Functions} --replicas=2");
            await Cluster.KubectlAsync($"rollout status {Functions} --timeout=110s");
            // Where the test failed before, it is there still.
            await Cluster.TryKubectlAsync("patch pod held --namespace team --type=merge --patch={\"metadata\":{\"finalizers\":null}}");
            await Cluster.KubectlAsync("delete job/waiting pod/held --namespace team --ignore-not-found --wait=false");
            await served.Installation.UpAsync();
        }
    }

    private Task<Command> CreateAsync() => Cluster.TryKubectlAsync(
        "create --filename - --namespace team", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"refused"},"spec":{"containers":[{"name":"app","image":"localhost/busybox:test"}]}}""");

    /// <summary>At this level the audit log has the kind of an error and not its text.</summary>
    private static bool IsRefusal(string line) =>
        JsonNode.Parse(line)! is var item && (string?)item["verb"] == "create" && (string?)item["objectRef"]!["name"] == "refused"
            && item["responseStatus"] is { } status && (int?)status["code"] == 500 && (string?)status["reason"] == "InternalError";
}
