using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>
/// The published functions behind one address, as a Deployment runs them: killed and restarted, rolled out anew, with other
/// tokens and other certificates.
/// </summary>
internal sealed class FunctionsDeployment : IAsyncDisposable
{
    /// <summary>Until an API server has seen a changed registration; deploy.sh waits three times as long, for several servers.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-functions-").FullName;
    private readonly int _port = LoopbackPort.Take();
    private readonly PlayedServiceProxy _proxy;
    private readonly OwnCluster _cluster;
    private Certificate _certificate;
    private Functions? _functions;
    private int _started;

    private FunctionsDeployment(OwnCluster cluster) =>
        (_cluster, _certificate, _proxy) = (cluster, cluster.Authority.Issue(Functions.Name), new(IPAddress.Loopback, _port));

    public Outages Outages { get; } = new();

    /// <summary>The process that new connections go to; null while there is none.</summary>
    public int? Pid => _proxy.Endpoint is null ? null : _functions?.Pid;

    /// <summary>In the place of the functions that a cluster started with.</summary>
    public static async Task<FunctionsDeployment> StartAsync(OwnCluster cluster)
    {
        var deployment = new FunctionsDeployment(cluster);
        try
        {
            await deployment.RollAsync(Functions.NewToken());
            await deployment.RegisterAsync();
            await Task.Delay(Settling);
            await cluster.Functions.DisposeAsync();
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL; a kubelet starts the container again, after a pause where it did so before.</summary>
    /// <returns>For how long nobody answered.</returns>
    public async Task<TimeSpan> KillAsync(TimeSpan pause)
    {
        Outages.Begin(ReaderReport.Now);
        _proxy.Endpoint = null;
        await _functions!.DisposeAsync();
        await Task.Delay(pause);
        await _functions.StartAsync();
        Route();
        return Outages.End(ReaderReport.Now);
    }

    /// <summary>A new pod beside the old one, which is stopped then.</summary>
    public Task RollAsync() => RollAsync(_functions!.Token);

    private async Task RollAsync(params string[] tokens)
    {
        var old = _functions;
        var folder = Directory.CreateDirectory(Path.Combine(_folder, (_started++).ToString(CultureInfo.InvariantCulture)));
        _functions = await Functions.StartAsync(folder.FullName, _certificate, tokens);
        Route();
        if (old is not null)
            await old.StopAsync();
    }

    /// <summary>Both are accepted until the API server uses the new one.</summary>
    public async Task RotateTokenAsync()
    {
        await RollAsync(_functions!.Token, Functions.NewToken());
        await RegisterAsync();
        await Task.Delay(Settling);
        await RollAsync();
    }

    /// <summary>Until it is shown to who connects.</summary>
    public async Task ReplaceCertificateAsync()
    {
        _certificate = _cluster.Authority.Issue(Functions.Name);
        _functions!.Use(_certificate);
        await Eventually.TrueAsync(
            async () => await ShownAsync() == _certificate.SerialNumber, () => $"the old one is shown still: {_functions.Log}", TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        if (_functions is not null)
            await _functions.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Route()
    {
        var port = _functions!.Port;
        _proxy.Endpoint = cancellation => PlayedServiceProxy.ConnectAsync(new(SocketType.Stream, ProtocolType.Tcp), port, cancellation);
    }

    private async Task RegisterAsync() => await _cluster.Kubectl.RunAsync(
        "apply --filename -", (await Registration.RenderAsync("url", $"{Functions.Name}:{_port}", _functions!.Token)).Text);

    private async Task<string?> ShownAsync()
    {
        using var client = new TcpClient(Functions.Name, _port);
        string? shown = null;
        await using var stream = new SslStream(client.GetStream(), false, (_, certificate, _, _) => (shown = certificate?.GetSerialNumberString()) is not null);
        await stream.AuthenticateAsClientAsync(Functions.Name);
        return shown;
    }
}
