using System.Net.Http.Headers;
using System.Net.Security;

namespace LxcfsFunctions.Tests.Published;

internal static class Requests
{
    public static byte[] Sample { get; } = File.ReadAllBytes(Path.Combine(Repository.Root, "functions", "samples", "review.json"));

    /// <summary>A client that trusts any certificate, and so sees which one it was.</summary>
    public static HttpClient Trusting(Action<string>? onCertificate = null, bool reuse = true) => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = reuse ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                onCertificate?.Invoke(certificate!.Subject);
                return true;
            },
        },
    });

    public static HttpRequestMessage Post(string url, byte[] body, string contentType = "application/json") => new(HttpMethod.Post, new Uri(url))
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
    };
}
