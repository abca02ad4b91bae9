using System.Security.Cryptography;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>
/// The published executable as a container runs it: a certificate from files, metrics on a port of their own. It keeps its
/// port when it is ended and started again.
/// </summary>
internal sealed class Functions : IAsyncDisposable
{
    public const string Name = "127.0.0.1";

    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;
    private Child? _child;

    /// <param name="folder">For its certificate and its log.</param>
    /// <param name="tokens">All that it accepts, the newest last.</param>
    public Functions(string folder, Certificate certificate, IReadOnlyList<string> tokens)
    {
        _folder = folder;
        Token = tokens[^1];
        Use(certificate);
        _settings = new()
        {
            ["Lxcfs__Tokens"] = string.Join(',', tokens),
            ["Lxcfs__CertificateFile"] = CertificateFile,
            ["Lxcfs__CertificateKeyFile"] = KeyFile,
            ["Lxcfs__Port"] = $"{Port}",
            ["Lxcfs__MetricsPort"] = $"{MetricsPort}",
            ["MALLOC_ARENA_MAX"] = "1",
        };
    }

    public static string Executable => Path.Combine(Repository.Root, "artifacts", "package", "lxcfs-functions");

    /// <summary>The newest that it accepts.</summary>
    public string Token { get; }

    public int Port { get; } = LoopbackPort.Take();

    public int MetricsPort { get; } = LoopbackPort.Take();

    /// <summary>As a registration names it.</summary>
    public string Host => $"{Name}:{Port}";

    public int Pid => _child!.Id;

    /// <summary>The end of what it printed, over all its starts.</summary>
    public string Log => _child!.Log();

    private string CertificateFile => Path.Combine(_folder, "tls.crt");

    private string KeyFile => Path.Combine(_folder, "tls.key");

    /// <param name="folder">Of this one alone.</param>
    public static Task<Functions> StartAsync(string folder, Authority authority) => StartAsync(folder, authority.Issue(Name), [NewToken()]);

    /// <param name="folder">Of this one alone.</param>
    /// <param name="tokens">All that it accepts, the newest last.</param>
    public static async Task<Functions> StartAsync(string folder, Certificate certificate, IReadOnlyList<string> tokens)
    {
        var functions = new Functions(folder, certificate, tokens);
        await functions.StartAsync();
        return functions;
    }

    public static string NewToken() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    public async Task StartAsync()
    {
        _child = new(Executable, [], _folder, _settings);
        using var client = new HttpClient();
        await Eventually.TrueAsync(() => AnswersAsync(client), () => $"the functions do not start:\n{Log}");
    }

    /// <summary>Writes it where the functions find it, at the next start or at the latest 20 seconds later.</summary>
    public void Use(Certificate certificate)
    {
        File.WriteAllText(KeyFile, certificate.Key);
        File.WriteAllText(CertificateFile, certificate.Chain);
    }

    /// <summary>From the next start on.</summary>
    public void Set(string name, string value) => _settings[name] = value;

    /// <summary>From the next start on.</summary>
    public void Accept(string token) => _settings["Lxcfs__Tokens"] = token;

    /// <summary>A client that asks reviews, by names relative to the token's path, and trusts whatever answers.</summary>
    public HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        return new(handler) { BaseAddress = new($"https://{Host}/hooks/{Token}/") };
    }

    /// <summary>What Prometheus would read.</summary>
    public async Task<string> MetricsAsync()
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://{Name}:{MetricsPort}/metrics"), TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, as a kubelet stops a pod.</summary>
    public async Task StopAsync()
    {
        Libc.Signal(Pid, Libc.SigTerm);
        await _child!.EndsAsync(TestContext.Current.CancellationToken);
        await DisposeAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        _child = null;
    }

    private async Task<bool> AnswersAsync(HttpClient client)
    {
        if (_child!.HasExited)
            throw new InvalidOperationException($"the functions ended:\n{Log}");
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://{Name}:{MetricsPort}/healthz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
