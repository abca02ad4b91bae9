using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>An API server of the suite's own with its audit log, and the published functions, which it calls over TLS.</summary>
internal sealed class OwnCluster : Cluster
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-e2e-").FullName;
    private readonly bool _ownsFunctions;
    private readonly AdmissionPlugin? _plugin;
    private ControlPlane? _plane;

    private OwnCluster(OwnCluster? other, AdmissionPlugin? plugin)
    {
        (_ownsFunctions, _plugin) = (other is null, plugin);
        Audit = new(_folder);
        Authority = other?.Authority ?? new(Path.Combine(_folder, "authority.crt"));
        Functions = other?.Functions ?? new(_folder, Authority.Issue(Functions.Name), [Functions.NewToken()]);
    }

    /// <summary>The API server trusts what it signs, and nothing else.</summary>
    public Authority Authority { get; }

    public Audit Audit { get; }

    public ControlPlane Plane => _plane!;

    public Functions Functions { get; }

    protected override string WhyUnserved => Functions.Log;

    /// <summary>What the API server printed.</summary>
    public string ServerLog => Path.Combine(Plane.Folder, "kube-apiserver.log");

    /// <summary>Starts both, with the overlay url registered and in effect.</summary>
    /// <param name="components">Of the overlay, by their folders' names.</param>
    public static Task<OwnCluster> StartAsync(params string[] components) => StartAsync(null, null, components);

    /// <summary>The same, with an admission plugin that is off by default.</summary>
    public static Task<OwnCluster> StartAsync(AdmissionPlugin plugin, params string[] components) => StartAsync(null, plugin, components);

    /// <summary>Another API server, which calls the same functions; it has to be ended before this one.</summary>
    public Task<OwnCluster> StartAnotherAsync(params string[] components) => StartAsync(this, null, components);

    public override async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_plane is not null)
            await _plane.DisposeAsync();
        if (_ownsFunctions)
        {
            await Functions.DisposeAsync();
            Authority.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<OwnCluster> StartAsync(OwnCluster? other, AdmissionPlugin? plugin, string[] components)
    {
        Assert.SkipWhen(
            Binaries.Find(Repository.Root) is null, "there is no kube-apiserver: bash tests/apiserver/build.sh makes it on Debian");
        Assert.SkipUnless(File.Exists(Functions.Executable), "there is no package: dotnet publish functions -c Release makes it");
        var cluster = new OwnCluster(other, plugin);
        try
        {
            // With the overlay url the component leaves this to the deployment of the functions.
            if (components.Contains("node-delivery"))
                cluster.Functions.Set("Lxcfs__Delivery", "auto");
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

    private async Task StartPartsAsync()
    {
        if (_ownsFunctions)
            await Functions.StartAsync();
        _plane = await ControlPlane.StartAsync(
            Binaries.Find(Repository.Root)!, new Dictionary<string, string> { ["SSL_CERT_FILE"] = Authority.File },
            [.. Audit.Arguments, .. _plugin?.Arguments ?? []]);
        Kubectl = new(_plane.Kubeconfig, _plane.Folder);
        Api = new(_plane.CreateClient());
        if (_plugin is not null)
            await Kubectl.RunAsync("apply --filename -", _plugin.Manifest);
    }

    /// <summary>Applies the overlay as an administrator does who has written down host and token.</summary>
    private async Task RegisterAsync(string[] components)
    {
        var registration = await Registration.RenderAsync("url", Functions.Host, Functions.Token, components);
        await Kubectl.RunAsync("apply --filename -", registration.Text);
    }
}
