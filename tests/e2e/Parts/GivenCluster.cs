using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>
/// The cluster that KUBECONFIG names. Where the webhooks are installed, they are used as they are. Where they are not and its
/// API server is on loopback, the published functions are started here and registered, as long as the tests run.
/// </summary>
internal sealed class GivenCluster : Cluster
{
    private const string Registered = "mutatingwebhookconfiguration/lxcfs-functions validatingwebhookconfiguration/lxcfs-functions";

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-e2e-").FullName;
    private readonly List<string> _namespaces = [];
    private readonly string _kubeconfig;
    private Authority? _authority;
    private Functions? _functions;
    private Child? _proxy;

    private GivenCluster(string kubeconfig) => Kubectl = new(_kubeconfig = kubeconfig, _folder);

    public static string? Kubeconfig { get; } = Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } path ? path : null;

    protected override string WhyUnserved => _functions?.Log ?? "infra/deploy.sh status says more";

    public static async Task<GivenCluster> JoinAsync(string kubeconfig)
    {
        var cluster = new GivenCluster(kubeconfig);
        try
        {
            await cluster.ConnectAsync();
            await cluster.InstallAsync();
            await cluster.IsServedAsync(await cluster.NamespaceAsync());
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public override async Task<string> NamespaceAsync(bool labelled = true)
    {
        _namespaces.Add(await base.NamespaceAsync(labelled));
        return _namespaces[^1];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_namespaces.Count > 0)
            await Kubectl.RunAsync($"delete namespaces --wait=false {string.Join(' ', _namespaces)}");
        if (_functions is not null)
        {
            await Kubectl.RunAsync($"delete --ignore-not-found {Registered}");
            await _functions.DisposeAsync();
        }

        Api?.Dispose();
        _authority?.Dispose();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>kubectl knows every way in which a kubeconfig may prove who it is for.</summary>
    private async Task ConnectAsync()
    {
        var port = LoopbackPort.Take();
        _proxy = new(Repository.Kubectl, ["proxy", $"--port={port}"], _folder, new Dictionary<string, string> { ["KUBECONFIG"] = _kubeconfig });
        Api = new(new() { BaseAddress = new($"http://127.0.0.1:{port}") });
        await Eventually.TrueAsync(async () => await Api.AnswersAsync(), () => $"there is no way to the cluster of {_kubeconfig}: {_proxy.Log()}");
    }

    private async Task InstallAsync()
    {
        if ((await Kubectl.TryAsync($"get {Registered}")).ExitCode == 0)
            return;
        var server = new Uri(await Kubectl.RunAsync("config view --minify --output jsonpath={.clusters[0].cluster.server}"));
        Assert.SkipUnless(
            server.IsLoopback, $"{server} can't call this machine, and the webhooks are not installed there: infra/deploy.sh up installs them");
        _authority = new(Path.Combine(_folder, "authority.crt"));
        _functions = await Functions.StartAsync(_folder, _authority);
        var registration = await Registration.RenderAsync("url", _functions.Host, _functions.Token);
        await Kubectl.RunAsync("apply --filename -", registration.Webhooks.WithAuthority(_authority).Text);
    }
}
