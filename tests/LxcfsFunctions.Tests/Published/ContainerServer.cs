using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LxcfsFunctions.Tests.Published;

/// <summary>What the published executable finds in a container: a certificate in files, and two ports.</summary>
internal sealed class ContainerServer : IDisposable
{
    private readonly Package _package;
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-tls-").FullName;

    public ContainerServer(Package package)
    {
        _package = package;
        WriteCertificate("first");
    }

    public int Port { get; } = Running.FreePort();

    public int MetricsPort { get; } = Running.FreePort();

    public string Url => $"https://127.0.0.1:{Port}";

    public string Mutate => $"{Url}/hooks/local/mutate";

    public string Certificate => Path.Combine(_folder, "tls.crt");

    public DateTimeOffset CertificateEnds { get; private set; }

    public async Task<Running> StartAsync(HttpClient client, params (string, string)[] settings)
    {
        var program = new Running(_package.Executable,
        [
            ("Lxcfs__CertificateFile", Certificate), ("Lxcfs__CertificateKeyFile", Path.Combine(_folder, "tls.key")),
            ("Lxcfs__Port", $"{Port}"), ("Lxcfs__MetricsPort", $"{MetricsPort}"), ("Lxcfs__AllowAnonymous", "true"), .. settings,
        ]);
        await program.AnswersAsync(client, $"{Url}/healthz");
        return program;
    }

    /// <summary>Sends reviews, which all have to be answered, until something has happened.</summary>
    public async Task AskUntilAsync(HttpClient client, Func<bool> done)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !done();)
        {
            Assert.True(DateTime.UtcNow < deadline, "nothing happened within a minute");
            using var answer = await client.SendAsync(Requests.Post(Mutate, Requests.Sample), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void WriteCertificate(string name)
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateEnds = DateTimeOffset.UtcNow.AddHours(1);
        using var certificate = new CertificateRequest($"CN={name}", keys, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), CertificateEnds);
        File.WriteAllText(Path.Combine(_folder, "tls.key"), keys.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
