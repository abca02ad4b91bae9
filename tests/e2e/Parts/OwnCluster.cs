using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>An API server of the suite's own with its audit log, and the published functions, which it calls over TLS.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-e2e-").FullName;
    private ControlPlane? _plane;

    private Cluster()
    {
        Authority = new(Path.Combine(_folder, "authority.crt"));
        Audit = new(_folder);
    }

    public Authority Authority { get; }

    public Audit Audit { get; }

    public ControlPlane Plane => _plane!;

    public Functions Functions { get; private set; } = null!;

    public Kubectl Kubectl { get; private set; } = null!;

    public Api Api { get; private set; } = null!;

    /// <summary>Why it can't be started here, null where it can.</summary>
    public static string? Missing => Binaries.Find(Repository.Root) is null
        ? "there is no kube-apiserver: bash tests/apiserver/build.sh makes it on Debian"
        : File.Exists(Functions.Executable) ? null : "there is no package: dotnet publish functions -c Release makes it";

    /// <summary>Both, with the overlay url registered and in effect.</summary>
    /// <param name="components">Of the overlay, by their folders' names.</param>
    public static async Task<Cluster> StartAsync(params string[] components)
    {
        var cluster = new Cluster();
        try
        {
            await cluster.StartPartsAsync();
            await cluster.RegisterAsync(cluster.Functions.Host, components);
            await cluster.IsInEffectAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Applies the overlay url as an administrator does who has rendered it for this host.</summary>
    public async Task RegisterAsync(string host, params string[] components)
    {
        var registration = await Registration.RenderAsync("url", host, Functions.Token, components);
        await Kubectl.RunAsync("apply --filename -", registration.Text);
    }

    /// <summary>A new namespace, and its name.</summary>
    /// <param name="labelled">Whether its pods are to get the files.</param>
    public Task<string> NamespaceAsync(bool labelled = true) => Namespaces.CreateAsync(Api, labelled);

    /// <summary>Both webhooks answer for a pod. An API server hears of a registration some time after it was stored.</summary>
    public async Task IsInEffectAsync() => await Namespaces.IsServedAsync(Api, await NamespaceAsync(), () => Functions.Log);

    public async ValueTask DisposeAsync()
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
}
