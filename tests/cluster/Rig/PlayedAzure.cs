using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>
/// Plays Azure for infra/deploy.sh --mode url: az by the stand-in of tests/Infra.Tests, and the Functions app by the published executable
/// in the cluster's network, at an address of loopback that the API server calls.
/// </summary>
internal sealed class PlayedAzure : IAsyncDisposable
{
    private const int Port = 9443;

    private readonly CancellationTokenSource _end = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-azure-").FullName;
    private readonly BootedCluster _cluster;
    private readonly string _checkout;
    private readonly Task _platform;
    private Child? _functions;

    /// <param name="checkout">The root of what is installed from.</param>
    public PlayedAzure(BootedCluster cluster, string checkout)
    {
        (_cluster, _checkout) = (cluster, checkout);
        var standIns = Path.Combine(Repository.TestData, "stand-ins");
        foreach (var file in (string[])["az", "record.sh"])
            File.Copy(Path.Combine(standIns, file), Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, file));
        var certificate = cluster.Authority.Issue("127.0.0.1");
        File.WriteAllText(InFolder("tls.crt"), certificate.Chain);
        File.WriteAllText(InFolder("tls.key"), certificate.Key);
        _platform = Task.Run(RunAsync);
    }

    public static string Executable => Path.Combine(Repository.Root, "artifacts", "package", "lxcfs-functions");

    /// <summary>For infra/deploy.sh.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["PATH"] = InFolder("bin"),
        ["CURL_CA_BUNDLE"] = _cluster.Authority.File,
        ["CALLS"] = InFolder("calls"),
        ["FAILING"] = "",
        ["CHECKOUT"] = _checkout,
        ["AZ_STATE"] = _folder,
        ["AZ_HOST"] = $"127.0.0.1:{Port}",
    };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _platform;
        if (_functions is not null)
            await _functions.DisposeAsync();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    /// <summary>Starts it with the tokens that the app is deployed with.</summary>
    private async Task RunAsync()
    {
        for (; !_end.IsCancellationRequested && _functions is null; await Task.Delay(50, CancellationToken.None))
        {
            if (!File.Exists(InFolder("running-tokens")) || await File.ReadAllTextAsync(InFolder("running-tokens")) is not { Length: > 0 } tokens)
                continue;
            _functions = _cluster.Begin(Executable, new Dictionary<string, string>
            {
                ["Lxcfs__Tokens"] = tokens,
                ["Lxcfs__CertificateFile"] = InFolder("tls.crt"),
                ["Lxcfs__CertificateKeyFile"] = InFolder("tls.key"),
                ["Lxcfs__Port"] = $"{Port}",
            });
        }
    }
}
