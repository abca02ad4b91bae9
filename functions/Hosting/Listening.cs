using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace LxcfsFunctions.Hosting;

/// <summary>Where each mode listens.</summary>
internal static class Listening
{
    /// <summary>Above what the host lets through (Azure Functions, "HTTP trigger", Limits).</summary>
    private const long FunctionsBodyBytes = 128 << 20;

    /// <summary>What is held of a body that nobody reads yet: large reviews take turns (<see cref="LargeReviews"/>).</summary>
    private const int WaitingBytes = 64 << 10;

    public static void AddListening(this WebApplicationBuilder builder, HostingOptions options)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The Functions host writes on whatever is answered, so its requests are read to the end; that it ends at 100 MB is its own limit.
            kestrel.Limits.MaxRequestBodySize = options.Mode == HostingMode.Functions ? FunctionsBodyBytes : options.Webhooks.MaxRequestBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxRequestBufferSize = WaitingBytes;
            // An API server asks everything over one connection, where what waits may not take the window from what is read. Twice: the
            // server gives back half of it at a time.
            kestrel.Limits.Http2.InitialStreamWindowSize = WaitingBytes;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 2 * WaitingBytes * kestrel.Limits.Http2.MaxStreamsPerConnection;
            switch (options.Mode)
            {
                case HostingMode.Functions:
                    kestrel.ListenLocalhost(options.Port);
                    break;
                case HostingMode.Laptop:
                    kestrel.Listen(IPAddress.Loopback, options.Port, UseCertificate);
                    break;
                case HostingMode.Container:
                    kestrel.ListenAnyIP(options.Port, UseCertificate);
                    kestrel.ListenAnyIP(options.MetricsPort);
                    break;
            }
        });
        if (options.Mode == HostingMode.Functions)
            return;
        builder.Services.AddSingleton(services =>
            new CertificateFile(options.CertificateFile, options.CertificateKeyFile, services.GetRequiredService<ILoggerFactory>().CreateLogger("Tls")));
        builder.Services.AddHostedService(services => services.GetRequiredService<CertificateFile>());
    }

    private static void UseCertificate(ListenOptions listen)
    {
        var certificate = listen.ApplicationServices.GetRequiredService<CertificateFile>();
        // Fails here, before the port is open, where the certificate can't be used.
        _ = certificate.Current;
        listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current) });
    }
}
