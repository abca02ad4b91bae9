using LxcfsFunctions.ApiServer;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>The classes that take turns with one API server: each of them costs the machine seconds to start.</summary>
[CollectionDefinition(Name)]
public sealed class SharedClusterTests : ICollectionFixture<SharedCluster>
{
    public const string Name = "SharedCluster";
}

/// <summary>An API server that many tests share, with the kinds of cert-manager and of the Prometheus operator.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private ControlPlane? _plane;

    internal ControlPlane Plane
    {
        get
        {
            _ = Repository.ApiServerBinaries;
            return _plane!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (ApiServer.Binaries.Find(Repository.Root) is not { } binaries)
            return;
        _plane = await ControlPlane.StartAsync(binaries, cancellation: TestContext.Current.CancellationToken);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.TestData, "crds")))
            (await KubectlAsync("apply", "-f", file)).Succeeded();
        (await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all")).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null)
            await _plane.DisposeAsync();
    }

    internal Task<Command> KubectlAsync(params string[] arguments) => KubectlAsync(arguments, input: "");

    internal Task<Command> KubectlAsync(string[] arguments, string input) =>
        Command.RunAsync(Repository.Kubectl, arguments, new Dictionary<string, string> { ["KUBECONFIG"] = Plane.Kubeconfig, ["HOME"] = Plane.Folder }, input);
}
