using System.Diagnostics;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>The classes about files that the node brings share one cluster.</summary>
[CollectionDefinition(Name)]
public sealed class DeliveredClusterTests : ICollectionFixture<DeliveredCluster>
{
    public const string Name = "DeliveredCluster";
}

/// <summary>
/// A cluster with the component node-delivery, and nothing else but one namespace that enforces restricted and is opted in, and another
/// one that is not.
/// </summary>
public sealed class DeliveredCluster(EventReport report) : IAsyncDisposable
{
    internal const string Team = "team", Others = "others";

    private BootedCluster? _cluster;
    private Installation? _installation;
    private Readers? _readers;

    internal BootedCluster Cluster => _cluster!;

    internal Installation Installation => _installation!;

    /// <summary>Of the containers that read all the time.</summary>
    internal Readers Readers => _readers!;

    /// <summary>Boots it the first time; every time waits until all is well.</summary>
    internal async Task NeedAsync()
    {
        if (_cluster is null)
            await StartAsync();
        await DeliversAsync();
        await PodsAreMarkedAsync();
        await Readers.AllReadRightAsync();
    }

    /// <summary>One that is younger than all pods that read.</summary>
    internal async Task NewAgentAsync()
    {
        await Installation.ReplaceAgentAsync();
        await DeliversAsync();
        await Readers.AllReadRightAsync();
    }

    internal void Report(string fact) => report.Add(fact);

    /// <summary>The node is labelled while its agent serves and the runtime asks it.</summary>
    internal Task DeliversAsync() => Eventually.NullAsync(async () =>
        await LabelledAsync() == "node/node\n" ? null : "the node does not deliver");

    internal Task<string> LabelledAsync() => Cluster.KubectlAsync("get nodes --selector lxcfs-admission-webhook.raids-lab.github.io/delivers=true --output name");

    /// <summary>What happens while pods start, and how these and all others fare until they read right.</summary>
    internal async Task<(EventFigures Running, StartFigures Starting)> AroundAsync(
        string name, Func<StartingPods, Task> happening, int count = 6, int others = 3, int pause = 50_000)
    {
        await using var pods = new StartingPods(Cluster, count, others, pause);
        var running = await Readers.AroundAsync(name, async () =>
        {
            await happening(pods);
            await pods.AllReadRightAsync();
        });
        var starting = pods.Figures(name);
        report.Add(running);
        report.Add(starting);
        TestContext.Current.TestOutputHelper?.WriteLine($"{running}\n{starting}");
        return (running, starting);
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
        _cluster = await BootedCluster.BootAsync("lxcfs-agent", "lxcfs-functions", "busybox", "distroless", "tools");
        _installation = await Installation.UpAsync(_cluster, "node-delivery");
        report.Add($"A cluster with deploy.sh up --mode service --component node-delivery: {took.Elapsed.TotalSeconds:0.0} s");
        _readers = new(_cluster.Folder);
        foreach (var name in (string[])[Team, Others])
            await _cluster.CreateNamespaceAsync(name);
        await _cluster.KubectlAsync($"label namespace {Team} pod-security.kubernetes.io/enforce=restricted");
        (await _installation.DeployAsync($"label {Team}")).Succeeded();
        await DeliversAsync();
        await PodsAreMarkedAsync();
        await ReadsAsync(await ReadingPod.ApplyAsync(_cluster, Team, ReadingPod.Read("kinds")), "distroless", "sidecar");
        foreach (var name in (string[])["one", "two", "three"])
            await ReadsAsync(await ReadingPod.CreateAsync(_cluster, Team, name), ReadingPod.App);
    }

    private async Task ReadsAsync(ReadingPod pod, params string[] containers)
    {
        foreach (var container in containers)
        {
            await Eventually.NullAsync(() => pod.HasStarted(container) ? null : $"{container} of {pod.Name} does not run");
            Readers.Add(pod.Counts(container));
        }
    }

    private Task PodsAreMarkedAsync() =>
        Installation.PodsAreMutatedAsync(Team, ReadingPod.Read("reader").Replace("NAME", "any", StringComparison.Ordinal), "/deliver: node\n");
}
