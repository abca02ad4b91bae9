using System.Diagnostics;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>The classes that leave the product installed share one cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ServedClusterTests : ICollectionFixture<ServedCluster>
{
    public const string Name = "ServedCluster";
}

/// <summary>
/// A cluster with the product and the workloads of TestData on it, booted for the first test that asks and shared by all that leave the
/// product installed.
/// </summary>
public sealed class ServedCluster(EventReport report) : IAsyncDisposable
{
    private const string Agents = "--namespace lxcfs-system --selector app.kubernetes.io/name=lxcfs-agent";

    /// <summary>A server that is away may still stand among the two that the API server chooses from.</summary>
    internal const int MutatedInARow = 6;

    private const string AnyPod = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"any"},"spec":{"containers":[{"name":"app","image":"localhost/busybox:test"}]}}""";

    private static readonly string[] Reading = ["web-app", "web-sidecar", "store", "collector"];

    private BootedCluster? _cluster;
    private Installation? _installation;
    private Readers? _readers;

    internal BootedCluster Cluster => _cluster!;

    internal Installation Installation => _installation!;

    internal Readers Readers => _readers!;

    /// <summary>Boots it the first time; every time waits until all is well: what the test before has left behind is none of the next one's.</summary>
    internal async Task NeedAsync()
    {
        if (_cluster is null)
            await StartAsync();
        await PodsAreMutatedAsync();
        await Readers.AllReadRightAsync();
    }

    /// <summary>While the functions are away, as after a power cut, a new pod is let through as it is.</summary>
    internal async Task PodsAreMutatedAsync()
    {
        var inARow = 0;
        await Eventually.NullAsync(async () =>
        {
            var made = await Cluster.TryKubectlAsync("create --dry-run=server --namespace team --output yaml --filename -", AnyPod);
            inARow = made.Output.Contains("mountPath: /proc/meminfo", StringComparison.Ordinal) ? inARow + 1 : 0;
            return inARow == MutatedInARow ? null : $"after {inARow} that were mutated came one that was not: {made.Output}{made.Error}";
        });
    }

    /// <summary>A kubelet remembers for ten minutes that a pod's containers have died; a new pod has no past.</summary>
    internal async Task NewAgentAsync()
    {
        await Cluster.KubectlAsync($"delete pod {Agents}");
        await Cluster.KubectlAsync("rollout status daemonset/lxcfs --namespace lxcfs-system --timeout=110s");
        await Readers.AllReadRightAsync();
    }

    internal async Task<EventFigures> AroundAsync(string name, Func<Task> happening)
    {
        var figures = report.Add(await Readers.AroundAsync(name, happening));
        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString());
        return figures;
    }

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
            await _installation.DisposeAsync();
        _readers?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var took = Stopwatch.StartNew();
        string[] before = Binaries.Find(Repository.Root, "tests/cluster/before.sh") is null ? [] : ["before"];
        _cluster = await BootedCluster.BootAsync(["lxcfs-agent", "lxcfs-functions", "busybox", "distroless", "tools", .. before]);
        report.Add($"A cluster whose node is ready: {took.Elapsed.TotalSeconds:0.0} s");
        took.Restart();
        _installation = await Installation.UpAsync(_cluster);
        report.Add($"deploy.sh up --mode service: {took.Elapsed.TotalSeconds:0.0} s");
        _readers = new(_cluster.Folder);
        foreach (var name in Reading)
            _readers.Add(name);
        await _cluster.KubectlAsync("create namespace team");
        (await _installation.DeployAsync("label team")).Succeeded();
        // A namespace gets its account from a controller.
        await Eventually.NullAsync(async () =>
            (await _cluster.TryKubectlAsync("get serviceaccount default --namespace team")) is { ExitCode: not 0 } fault ? fault.Error : null);
        await _cluster.ApplyAsync("tests/cluster/TestData/workloads");
    }
}
