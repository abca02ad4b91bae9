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

    internal Task PodsAreMutatedAsync() => Installation.PodsAreMutatedAsync("team", AnyPod, "mountPath: /proc/meminfo");

    internal async Task NewAgentAsync()
    {
        await Installation.ReplaceAgentAsync();
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
        await _cluster.CreateNamespaceAsync("team");
        (await _installation.DeployAsync("label team")).Succeeded();
        await _cluster.ApplyAsync("tests/cluster/TestData/workloads");
    }
}
