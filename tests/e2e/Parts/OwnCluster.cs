using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>An API server of the suite's own with its audit log, and the published functions, which it calls over TLS.</summary>
internal sealed class OwnCluster : Cluster
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-e2e-").FullName;
    private ControlPlane? _plane;

    private OwnCluster()
    {
        Authority = new(Path.Combine(_folder, "authority.crt"));
        Audit = new(_folder);
    }

    /// <summary>The API server trusts what it signs, and nothing else.</summary>
    public Authority Authority { get; }

    public Audit Audit { get; }

    public ControlPlane Plane => _plane!;

    public Functions Functions { get; private set; } = null!;

    protected override string WhyUnserved => Functions.Log;

    /// <summary>Starts both, with the overlay url registered and in effect.</summary>
    /// <param name="components">Of the overlay, by their folders' names.</param>
    public static async Task<OwnCluster> StartAsync(params string[] components)
    {
        Assert.SkipWhen(
            Binaries.Find(Repository.Root) is null, "there is no kube-apiserver: bash tests/apiserver/build.sh makes it on Debian");
        Assert.SkipUnless(File.Exists(Functions.Executable), "there is no package: dotnet publish functions -c Release makes it");
        var cluster = new OwnCluster();
        try
        {
            await cluster.StartPartsAsync();
            await cluster.RegisterAsync(components);
            await cluster.IsServedAsync(await cluster.NamespaceAsync());
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_plane is not null)
            await _plane.DisposeAsync();
        if (Functions is not null)
            await Functions.DisposeAsync();
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartPartsAsync()
    {
        Functions = await Functions.StartAsync(_folder, Authority);
        _plane = await ControlPlane.StartAsync(
            Binaries.Find(Repository.Root)!, new Dictionary<string, string> { ["SSL_CERT_FILE"] = Authority.File }, Audit.Arguments);
        Kubectl = new(_plane.Kubeconfig, _plane.Folder);
        Api = new(_plane.CreateClient());
    }

    /// <summary>Applies the overlay as an administrator does who has written down host and token.</summary>
    private async Task RegisterAsync(string[] components)
    {
        var registration = await Registration.RenderAsync("url", Functions.Host, Functions.Token, components);
        await Kubectl.RunAsync("apply --filename -", registration.Text);
    }
}
