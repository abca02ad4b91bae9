using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>The image of the functions, run as the Deployment runs it: nobody in particular, and nothing to write to.</summary>
public sealed class FunctionsImageTests
{
    private const string Review = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","namespace":"team",
         "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},
         "object":{"metadata":{"name":"app"},"spec":{"containers":[{"name":"app","image":"app"}]}}}}
        """;

    [Fact]
    public async Task The_image_of_the_functions_answers_reviews()
    {
        await using var node = await Node.StartAsync();
        WriteCertificate(node.Folder);
        var functions = await FunctionsContainer.StartAsync(node, "functions");
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => functions.ConnectAsync(cancellation),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        })
        { BaseAddress = new("https://127.0.0.1:8443") };
        await Eventually.TrueAsync(async () => await AnswersAsync(client), () => $"it does not answer, and printed: {functions.Log}");

        using var body = new StringContent(Review, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("hooks/local/mutate", UriKind.Relative), body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"patch\":", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await functions.StopAsync();
        Assert.Contains("Mutated", functions.Log, StringComparison.Ordinal);
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("healthz", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=lxcfs-functions", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportECPrivateKeyPem());
    }
}
