using System.Diagnostics;
using System.Net.Http.Headers;

namespace LxcfsFunctions.ApiServer;

/// <summary>
/// A real kube-apiserver with its etcd, on free ports of loopback and in a folder of its own, gone when disposed. There is
/// no kubelet, scheduler or controller: what those would do, a test does.
/// </summary>
/// <remarks>
/// Privileged pods, ephemeral containers and RBAC are on; the ServiceAccount admission plugin is off, since no controller
/// makes a namespace's default account.
/// </remarks>
public sealed class ControlPlane : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Child> _children = [];

    private ControlPlane(string folder, int etcdPort, int port)
    {
        Folder = folder;
        Credentials = Credentials.Write(folder, port);
        Url = new($"https://127.0.0.1:{port}");
        EtcdUrl = new($"http://127.0.0.1:{etcdPort}");
        Port = port;
    }

    /// <summary>Holds the certificates, the logs etcd.log and kube-apiserver.log, and etcd's data.</summary>
    public string Folder { get; }

    public Uri Url { get; }

    /// <summary>The path of a kubeconfig with every right, by a bearer token.</summary>
    public string Kubeconfig => Credentials.Kubeconfig;

    internal Credentials Credentials { get; }

    private Uri EtcdUrl { get; }

    private int Port { get; }

    /// <summary>Starts both and waits until the API server is ready.</summary>
    /// <param name="binaries">The folder that tests/apiserver/build.sh printed.</param>
    /// <param name="environment">For the API server: SSL_CERT_FILE names the authorities that webhooks by URL are trusted by.</param>
    /// <param name="arguments">For the API server, after its own.</param>
    /// <exception cref="InvalidOperationException">One of them did not start; the message ends with its log.</exception>
    public static async Task<ControlPlane> StartAsync(
        string binaries, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? arguments = null,
        CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = Directory.CreateTempSubdirectory("lxcfs-apiserver-").FullName;
            var plane = new ControlPlane(folder, LoopbackPort.Take(), LoopbackPort.Take());
            try
            {
                await plane.StartAsync(binaries, environment ?? new Dictionary<string, string>(), arguments ?? [], attempt, cancellation);
                return plane;
            }
            catch (PortTakenException)
            {
                await plane.DisposeAsync();
            }
            catch
            {
                await plane.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>A client that speaks to this server alone and with every right.</summary>
    public HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, certificate, _, _) => certificate is not null && Credentials.IsOurs(certificate);
        var client = new HttpClient(handler) { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Credentials.Token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in Enumerable.Reverse(_children))
            await child.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task StartAsync(
        string binaries, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, int attempt, CancellationToken cancellation)
    {
        using var client = CreateClient();
        _children.Add(new(Path.Combine(binaries, "etcd"), Arguments.OfEtcd(Folder, EtcdUrl), Folder, new Dictionary<string, string>()));
        await AnswersAsync(client, new(EtcdUrl, "health"), attempt, cancellation);
        _children.Add(new(
            Path.Combine(binaries, "kube-apiserver"), [.. Arguments.OfApiServer(Folder, EtcdUrl, Port), .. arguments], Folder, environment));
        await AnswersAsync(client, new(Url, "readyz"), attempt, cancellation);
        // Made by the server itself, after it says that it is ready.
        await AnswersAsync(client, new(Url, "api/v1/namespaces/default"), attempt, cancellation);
    }

    private async Task AnswersAsync(HttpClient client, Uri url, int attempt, CancellationToken cancellation)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50, cancellation))
        {
            if (_children[^1].HasExited)
                throw attempt < Attempts && _children[^1].Log().Contains("address already in use", StringComparison.Ordinal)
                    ? new PortTakenException()
                    : new InvalidOperationException($"{_children[^1].Name} ended:\n{_children[^1].Log()}");
            try
            {
                using var answer = await client.GetAsync(url, cancellation);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new InvalidOperationException($"{url} does not answer after {Patience}:\n{_children[^1].Log()}");
    }

    /// <summary>Somebody else took the port between the choice and the start.</summary>
    private sealed class PortTakenException : Exception;
}
