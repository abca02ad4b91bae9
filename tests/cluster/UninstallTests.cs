using System.Diagnostics;
using LxcfsFunctions.ClusterTests.Rig;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.ClusterTests;

/// <summary>The way back, and there again, on a cluster of the class's own.</summary>
public sealed class UninstallTests : IAsyncDisposable
{
    private readonly Stopwatch _took = Stopwatch.StartNew();
    private BootedCluster? _cluster;
    private Installation? _installation;
    private Readers? _readers;

    private BootedCluster Cluster => _cluster!;

    private Installation Installation => _installation!;

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
            await _installation.DisposeAsync();
        _readers?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Running_pods_hold_up_down_until_it_is_forced_nothing_is_left_and_both_modes_come_up_again()
    {
        await StartAsync();
        var reader = await ReadsAsync();
        var refused = await Installation.DeployAsync("down --timeout 110");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("pods still mount files of LXCFS", refused.Error, StringComparison.Ordinal);

        (await Installation.DeployAsync("down --force --timeout 110")).Succeeded();
        await NothingIsLeftAsync();
        var rounds = reader.Rounds;
        await Eventually.NullAsync(() => reader.Rounds > rounds + 3 ? null : $"{reader} reads no more");
        Assert.Equal(0UL, reader.Failed);

        Step("removed by force");
        await DeleteReaderAsync();
        await NamespacesAreGoneAsync();
        Step("the namespaces are gone");
        await Installation.UpAsync();
        await ReadsAsync();
        await DeleteReaderAsync();
        (await Installation.DeployAsync("down --timeout 110")).Succeeded();
        await NothingIsLeftAsync();
        Step("installed and removed once more");

        await NamespacesAreGoneAsync();
        await using var azure = new PlayedAzure(Cluster, Installation.Root);
        (await Installation.DeployAsync(
            $"up --mode url --yes --location westeurope --package {Repository.Package} --image lxcfs-agent={Installation.AgentImage} --timeout 110",
            azure.Environment)).Succeeded();
        await ReadsAsync();
        Step("mode url serves");
        (await Installation.DeployAsync("down --force --timeout 110", azure.Environment)).Succeeded();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_completed_pod_does_not_hold_up_down()
    {
        await StartAsync();
        await CompletesAsync();
        (await Installation.DeployAsync("down --timeout 110")).Succeeded();
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Down_takes_the_files_out_of_a_container_that_its_node_brought_them_and_up_right_after_it_gives_them_back()
    {
        await StartAsync("node-delivery", "pod-security.kubernetes.io/enforce=restricted");
        var pod = await ReadingPod.CreateAsync(Cluster, "team", "reader");
        await Eventually.NullAsync(() => pod.HasStarted() ? null : "it does not run");
        var reader = _readers!.Add(pod.Counts());
        await _readers.AllReadRightAsync();
        Assert.Equal(0UL, reader.Wrong);

        // It has no volume of LXCFS that could hold it up.
        (await Installation.DeployAsync("down --timeout 110")).Succeeded();
        await NothingIsLeftAsync();
        Assert.DoesNotContain("fuse.lxcfs", await Cluster.KubectlAsync("exec --namespace team reader -- cat /proc/1/mountinfo"), StringComparison.Ordinal);
        Assert.Equal("", await Cluster.KubectlAsync("get nodes --selector lxcfs-admission-webhook.raids-lab.github.io/delivers --output name"));
        await Eventually.NullAsync(() => reader.IsBroken ? null : $"{reader} does not read the node's values");

        // Up waits for what is on its way out.
        await Installation.UpAsync("node-delivery");
        await _readers.AllReadRightAsync();
        Assert.Equal(0UL, reader.Failed);
    }

    /// <summary>When it was reached, for whoever reads the output of a slow or failed test.</summary>
    private void Step(string what) => TestContext.Current.TestOutputHelper?.WriteLine($"{_took.Elapsed.TotalSeconds:0} s: {what}");

    private async Task StartAsync(string component = "none", string? label = null)
    {
        _cluster = await BootedCluster.BootAsync("lxcfs-agent", "lxcfs-functions", "busybox");
        _readers = new(_cluster.Folder);
        _installation = await Installation.UpAsync(_cluster, component);
        await Cluster.CreateNamespaceAsync("team");
        if (label is not null)
            await Cluster.KubectlAsync($"label namespace team {label}");
        (await Installation.DeployAsync("label team")).Succeeded();
        Step("installed");
    }

    private async Task<ReaderCounts> ReadsAsync()
    {
        var reader = _readers!.Add("early");
        await Cluster.ApplyAsync("tests/cluster/TestData/early.yaml");
        await _readers.AllReadRightAsync();
        return reader;
    }

    private async Task DeleteReaderAsync()
    {
        await Cluster.KubectlAsync("delete pod early --namespace team");
        _readers!.Remove("early");
    }

    private async Task CompletesAsync()
    {
        await Cluster.ApplyAsync("tests/cluster/TestData/workloads/job.yaml");
        await Cluster.KubectlAsync("wait --for=condition=Complete job/once --namespace team --timeout=110s");
    }

    private async Task NothingIsLeftAsync()
    {
        Assert.Empty(Cluster.Processes.Lxcfs);
        Assert.Empty(Cluster.Processes.LxcfsMounts);
        Assert.Empty(Directory.GetFiles(Cluster.Processes.FromOutside("/var/lib/lxc"), "*", SearchOption.AllDirectories));
        Assert.Equal("", await Cluster.KubectlAsync(
            "get mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings --selector app.kubernetes.io/part-of=lxcfs-functions --output name"));
    }

    private Task NamespacesAreGoneAsync() => Eventually.NullAsync(async () =>
        await Cluster.KubectlAsync("get namespaces lxcfs-functions lxcfs-system --ignore-not-found --output name") is { Length: > 0 } left ? left : null);
}
