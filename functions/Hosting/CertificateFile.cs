using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// A certificate that is replaced while the program runs, as cert-manager and the kubelet do. The files are read rather than
/// watched: the kubelet swaps a link above them, which a watch on the file does not see.
/// </summary>
internal sealed class CertificateFile(string certificate, string key, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private SslServerAuthenticationOptions? _current;
    private byte[] _digest = [];

    /// <summary>What the next handshake uses; connections that exist keep theirs.</summary>
    /// <exception cref="CryptographicException">The first certificate can't be used.</exception>
    public SslServerAuthenticationOptions Current => _current ?? Load();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Refresh();
    }

    private void Refresh()
    {
        try
        {
            if (!Digest().AsSpan().SequenceEqual(_digest))
                Load();
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // One file may have been replaced and the other not yet: the next look finds both.
            ServerLog.CertificateKept(logger, certificate, exception.Message);
        }
    }

    private SslServerAuthenticationOptions Load()
    {
        var digest = Digest();
        var leaf = X509Certificate2.CreateFromPemFile(certificate, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        _current = new() { ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true) };
        _digest = digest;
        AdmissionMetrics.CertificateIsInUse(leaf.NotAfter);
        ServerLog.CertificateLoaded(logger, certificate, leaf.NotAfter.ToUniversalTime());
        return _current;
    }

    private byte[] Digest() => SHA256.HashData([.. File.ReadAllBytes(certificate), .. File.ReadAllBytes(key)]);
}
