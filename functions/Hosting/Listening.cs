using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace LxcfsFunctions.Hosting;

/// <summary>Where each home listens.</summary>
internal static class Listening
{
    public static void AddListening(this WebApplicationBuilder builder, HostingOptions options)
    {
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            switch (options.Home)
            {
                case Home.Functions:
                    kestrel.ListenLocalhost(options.Port);
                    break;
                case Home.Laptop:
                    kestrel.Listen(IPAddress.Loopback, options.Port, UseCertificate);
                    break;
                case Home.Container:
                    kestrel.ListenAnyIP(options.Port, UseCertificate);
                    kestrel.ListenAnyIP(options.MetricsPort);
                    break;
            }
        });
        if (options.Home == Home.Functions)
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
