using System.Net.Http.Headers;
using System.Security.Cryptography;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests.Deploy;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>What the program shows Prometheus, and what it logs.</summary>
internal sealed record FunctionsSeen(string Metrics, IReadOnlyCollection<string> Lines);

/// <summary>The published executable after it has decided, and after it has been asked nonsense.</summary>
internal static class FunctionsMetrics
{
    private const string Token = Rendering.Kustomization.Token;

    public static async Task<FunctionsSeen> ReadAsync()
    {
        Assert.SkipUnless(File.Exists(Repository.Package), "there is no package: dotnet publish functions -c Release makes it, and needs clang and zlib1g-dev");
        var folder = Directory.CreateTempSubdirectory("lxcfs-metrics-").FullName;
        (await Command.RunAsync("unzip", ["-q", Repository.Package, "-d", folder])).Succeeded();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Credentials.SelfSigned(key, "localhost");
        var (certificateFile, keyFile) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());

        await using var instance = await Instance.StartAsync(
            Path.Combine(folder, "lxcfs-functions"), [new("Lxcfs__Tokens", Token), new("Lxcfs__DrainSeconds", "0")], certificateFile, keyFile);
        var metrics = await AskAsync(instance);
        // Lines are written in batches: only one that has ended has written them all.
        await instance.TerminateAsync();
        var seen = new FunctionsSeen(metrics, instance.Lines);
        Directory.Delete(folder, recursive: true);
        return seen;
    }

    private static async Task<string> AskAsync(Instance instance)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        foreach (var (function, body) in ((string, string)[])[("mutate", Repository.Read("functions/samples/review.json")), ("validate", "{}")])
        {
            using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
            using var answer = await client.PostAsync(new Uri($"https://127.0.0.1:{instance.Port}/hooks/{Token}/{function}"), content);
        }

        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{instance.MetricsPort}/metrics"));
    }
}
