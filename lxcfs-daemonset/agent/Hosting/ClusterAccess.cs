using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace LxcfsAgent.Hosting;

/// <summary>How a pod speaks to its API server.</summary>
/// <param name="Server">Such as https://10.96.0.1:443/.</param>
/// <param name="Account">The folder with the service account's <c>token</c> and the cluster's authority <c>ca.crt</c>.</param>
internal sealed record ClusterAccess(Uri Server, string Account)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>What a kubelet gives to every pod that has a service account.</summary>
    public static ClusterAccess OfPod() => new(
        new UriBuilder("https", Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") ?? "kubernetes.default.svc")
        {
            Port = int.TryParse(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"), out var port) ? port : 443,
        }.Uri,
        "/var/run/secrets/kubernetes.io/serviceaccount");

    /// <summary>A client with the token and the authority of this moment: the kubelet renews both.</summary>
    /// <exception cref="IOException">The pod has no service account.</exception>
    public HttpClient Connect()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile($"{Account}/ca.crt");
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        handler.SslOptions.CertificateChainPolicy!.CustomTrustStore.AddRange(authorities);
        var client = new HttpClient(handler) { BaseAddress = Server, Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText($"{Account}/token").Trim());
        return client;
    }
}
