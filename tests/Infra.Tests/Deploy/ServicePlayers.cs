using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LxcfsFunctions.ApiServer;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>
/// What stands between a Service and the functions in a cluster, played: cert-manager makes the certificate and fills in
/// caBundle, a kubelet starts the program as the Deployment says, and kube-proxy answers at the Service's address.
/// </summary>
internal sealed class ServicePlayers : IAsyncDisposable
{
    private const string Namespace = "api/v1/namespaces/lxcfs-functions";

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly string _executable;
    private readonly string _folder;
    private readonly Task _loop;
    private Instance? _instance;
    private PlayedServiceProxy? _proxy;

    public ServicePlayers(HttpClient client, string executable, string folder)
    {
        (_client, _executable, _folder) = (client, executable, folder);
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_instance is not null)
            await _instance.DisposeAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private string CertificateFile => Path.Combine(_folder, "tls.crt");

    private string KeyFile => Path.Combine(_folder, "tls.key");

    private async Task LoopAsync()
    {
        for (; !_end.IsCancellationRequested; await Task.Delay(50, CancellationToken.None))
        {
            if (_instance is null && await GetAsync("apis/cert-manager.io/v1/namespaces/lxcfs-functions/certificates/lxcfs-functions") is { } certificate
                && await GetAsync("apis/apps/v1/namespaces/lxcfs-functions/deployments/lxcfs-functions") is { } deployment)
            {
                Issue((string)certificate["spec"]!["dnsNames"]![0]!);
                _instance = await Instance.StartAsync(_executable, SettingsOf(deployment), CertificateFile, KeyFile);
            }

            if (_proxy is null && _instance is not null && await GetAsync($"{Namespace}/services/lxcfs-functions") is { } service)
                _proxy = ProxyOf(service, _instance.Port);
            if (_instance is not null)
                await PlayedInjector.InjectAsync(_client, "lxcfs-functions/lxcfs-functions", await File.ReadAllTextAsync(CertificateFile));
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> SettingsOf(JsonObject deployment) =>
        deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray()
            .Select(variable => KeyValuePair.Create((string)variable!["name"]!, (string)variable["value"]!));

    private void Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Credentials.SelfSigned(key, name);
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    private static PlayedServiceProxy ProxyOf(JsonObject service, int target) =>
        new(IPAddress.Parse((string)service["spec"]!["clusterIP"]!), (int)service["spec"]!["ports"]![0]!["port"]!)
        {
            Endpoint = cancellation => PlayedServiceProxy.ConnectAsync(new(SocketType.Stream, ProtocolType.Tcp), target, cancellation),
        };

    /// <summary>Null where there is none.</summary>
    private async Task<JsonObject?> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>() : null;
    }
}
