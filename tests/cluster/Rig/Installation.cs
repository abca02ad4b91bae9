using LxcfsFunctions.Infra.Tests;
using LxcfsFunctions.Infra.Tests.Cluster;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>The product on a cluster, by infra/deploy.sh alone.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string AgentImage = "localhost/lxcfs-agent:test";
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
