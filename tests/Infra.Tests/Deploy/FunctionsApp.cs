using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using LxcfsFunctions.ApiServer;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>
/// What a Functions app is to a caller: one https address, and behind it instances of the published executable that are
/// replaced one after the other when the settings change. For a while old and new ones answer by turns.
/// </summary>
internal sealed class FunctionsApp : IAsyncDisposable
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, LoopbackPort.Take());
    private readonly string _executable;
    private readonly string _folder;
    private readonly Task _front;
    private readonly Task _platform;
    private Instance[] _instances = [];
    private int _turn;

    /// <param name="executable">lxcfs-functions, published.</param>
    /// <param name="folder">Holds running-tokens, which says with what tokens the instances are to run.</param>
    public FunctionsApp(string executable, string folder)
    {
        (_executable, _folder) = (executable, folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Credentials.SelfSigned(key, "localhost");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "app.key"), key.ExportPkcs8PrivateKeyPem());
        _listener.Start();
        _front = Task.Run(AcceptAsync);
        _platform = Task.Run(ReplaceAsync);
    }

    /// <summary>Its own authority, for curl and for an API server to trust.</summary>
    public string CertificateFile => Path.Combine(_folder, "app.crt");

    public string Host => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_front, _platform);
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ForwardAsync(client, _instances);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(TcpClient client, Instance[] instances)
    {
        using (client)
        {
            if (instances.Length == 0)
                return;
            using var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, instances[Interlocked.Increment(ref _turn) % instances.Length].Port, _end.Token);
                var (here, there) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(here.CopyToAsync(there, _end.Token), there.CopyToAsync(here, _end.Token));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or IOException)
            {
                // One of the two has gone; so does this connection.
            }
        }
    }

    private async Task ReplaceAsync()
    {
        var file = Path.Combine(_folder, "running-tokens");
        var running = "";
        while (!_end.IsCancellationRequested)
        {
            var wanted = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
            if (wanted.Length > 0 && wanted != running)
            {
                var old = _instances;
                var started = await Instance.StartAsync(_executable, wanted, CertificateFile, Path.Combine(_folder, "app.key"));
                _instances = [.. old, started];
                await Task.Delay(Overlap, CancellationToken.None);
                _instances = [started];
                running = wanted;
                foreach (var instance in old)
                    await instance.TerminateAsync();
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
