using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>An authority of the tests' own, and the certificates that it signs.</summary>
internal sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    /// <param name="file">Where its certificate is written, for an API server to trust; null for one that nobody trusts.</param>
    public Authority(string? file = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=end-to-end", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        File = file ?? "";
        if (file is not null)
            System.IO.File.WriteAllText(file, Pem);
    }

    public string File { get; }

    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <param name="name">A host name, or an address.</param>
    /// <param name="until">Until when it is good; a day from now where nothing is said.</param>
    public Certificate Issue(string name, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            alternatives.AddIpAddress(address);
        else
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        using var signed = request.Create(
            _certificate, DateTimeOffset.UtcNow.AddDays(-1), until ?? DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return new(signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", signed.SerialNumber);
    }

    public void Dispose() => _certificate.Dispose();
}

/// <summary>A certificate and its key, in PEM.</summary>
internal sealed record Certificate(string Chain, string Key, string SerialNumber);
