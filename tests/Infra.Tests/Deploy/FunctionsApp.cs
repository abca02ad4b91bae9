using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LxcfsFunctions.ApiServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>
/// What a Functions app is to a caller: a front end that ends TLS at one address and hands each request to an instance of
/// the published executable. When the settings change, the instances are replaced: for a while old and new ones answer by
/// turns, then the old ones get no more and are stopped. That the platform drains them like this is taken for granted.
/// </summary>
internal sealed class FunctionsApp : IAsyncDisposable
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });
    private readonly Lock _lock = new();
    private readonly string _executable;
    private readonly string _folder;
    private readonly WebApplication _front;
    private readonly Task _platform;
    private Instance[] _instances = [];
    private uint _turn;

    /// <param name="executable">lxcfs-functions, published.</param>
    /// <param name="folder">Holds running-tokens, which says with what tokens the instances are to run.</param>
    public FunctionsApp(string executable, string folder)
    {
        (_executable, _folder) = (executable, folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Credentials.SelfSigned(key, "localhost");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        _front = Front(X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile));
        _platform = Task.Run(ReplaceAsync);
    }

    /// <summary>Its own authority, for curl and for an API server to trust.</summary>
    public string CertificateFile => Path.Combine(_folder, "app.crt");

    public string Host => $"localhost:{new Uri(_front.Urls.Single()).Port}";

    private string KeyFile => Path.Combine(_folder, "app.key");

    public Task StartAsync() => _front.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _front.DisposeAsync();
        await _platform;
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        _client.Dispose();
        _end.Dispose();
    }

    private WebApplication Front(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(
            kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var front = builder.Build();
        front.Run(HandOnAsync);
        return front;
    }

    private async Task HandOnAsync(HttpContext context)
    {
        Instance? instance;
        lock (_lock)
        {
            instance = _instances.Length == 0 ? null : _instances[_turn++ % _instances.Length];
            instance?.Begin();
        }

        if (instance is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        try
        {
            var target = new UriBuilder(context.Request.GetEncodedUrl()) { Host = "127.0.0.1", Port = instance.Port }.Uri;
            using var request = new HttpRequestMessage(new(context.Request.Method), target) { Content = new StreamContent(context.Request.Body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body);
        }
        finally
        {
            instance.End();
        }
    }

    private async Task ReplaceAsync()
    {
        var file = Path.Combine(_folder, "running-tokens");
        for (var running = ""; !_end.IsCancellationRequested; await Task.Delay(20, CancellationToken.None))
        {
            var wanted = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
            if (wanted.Length == 0 || wanted == running)
                continue;
            var old = _instances;
            var started = await Instance.StartAsync(_executable, [new("Lxcfs__Tokens", wanted)], CertificateFile, KeyFile);
            Route([.. old, started]);
            await Task.Delay(Overlap, CancellationToken.None);
            Route([started]);
            running = wanted;
            foreach (var instance in old)
            {
                await instance.TerminateAsync();
                await instance.DisposeAsync();
            }
        }
    }

    private void Route(Instance[] instances)
    {
        lock (_lock)
            _instances = instances;
    }
}
