using LxcfsFunctions.Infra.Tests;
using LxcfsFunctions.Infra.Tests.Cluster;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>The product on a cluster, by infra/deploy.sh alone.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string AgentImage = "localhost/lxcfs-agent:test";

    /// <summary>A server that is away may still stand among the two that the API server chooses from.</summary>
    private const int MutatedInARow = 6;

    private const string Images = $"--image lxcfs-agent={AgentImage} --image lxcfs-functions=localhost/lxcfs-functions:test";

    private readonly Checkout _checkout = new();
    private readonly BootedCluster _cluster;
    private readonly PlayedCertManager _certManager;

    private Installation(BootedCluster cluster)
    {
        _cluster = cluster;
        _certManager = new(cluster.CreateClient(), cluster.Authority);
        OldApiServer.Adapt(_checkout);
    }

    public string Root => _checkout.Root;

    /// <summary>Installs the overlay service.</summary>
    /// <inheritdoc cref="UpAsync(string)"/>
    public static async Task<Installation> UpAsync(BootedCluster cluster, string component = "none")
    {
        var installation = new Installation(cluster);
        try
        {
            await cluster.ApplyAsync("tests/Infra.Tests/TestData/crds/cert-manager.yaml");
            await cluster.KubectlAsync("wait --for=condition=Established --timeout=110s crd --all");
            await installation.UpAsync(component);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <param name="component">Of infra/kustomize/components, or none.</param>
    public async Task UpAsync(string component = "none") =>
        (await DeployAsync($"up --mode service {Images} --component {component} --yes --timeout 110")).Succeeded();

    /// <summary>While the functions are away, as after a power cut, a new pod is let through as it is.</summary>
    /// <param name="mark">What the pod has where mutate was asked.</param>
    public async Task PodsAreMutatedAsync(string name, string pod, string mark)
    {
        var inARow = 0;
        await Eventually.NullAsync(async () =>
        {
            var made = await _cluster.TryKubectlAsync($"create --dry-run=server --namespace {name} --output yaml --filename -", pod);
            inARow = made.Output.Contains(mark, StringComparison.Ordinal) ? inARow + 1 : 0;
            return inARow == MutatedInARow ? null : $"after {inARow} that were mutated came one that was not: {made.Output}{made.Error}";
        });
    }

    /// <summary>A kubelet remembers for ten minutes that a pod's containers have died; a new pod has no past.</summary>
    public async Task ReplaceAgentAsync()
    {
        await _cluster.KubectlAsync("delete pod --namespace lxcfs-system --selector app.kubernetes.io/name=lxcfs-agent");
        await _cluster.KubectlAsync("rollout status daemonset/lxcfs --namespace lxcfs-system --timeout=110s");
    }

    public Task<Command> DeployAsync(string arguments, IReadOnlyDictionary<string, string>? environment = null) => _cluster.RunAsync(
        "bash", [Path.Combine(_checkout.Root, "infra", "deploy.sh"), .. arguments.Split(' ')],
        new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["LXCFS_POLL_SECONDS"] = "0.2", ["LXCFS_SETTLE_SECONDS"] = "2" },
        folder: _checkout.Root);

    public async ValueTask DisposeAsync()
    {
        await _certManager.DisposeAsync();
        _checkout.Dispose();
    }
}
