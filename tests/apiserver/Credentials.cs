using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LxcfsFunctions.ApiServer;

/// <summary>What an API server shows and what it asks for, made anew for each.</summary>
internal sealed class Credentials
{
    public const string CertificateFile = "server.crt";
    public const string KeyFile = "server.key";
    public const string TokensFile = "tokens.csv";

    private readonly string _thumbprint;

    private Credentials(string folder, string thumbprint)
    {
        Kubeconfig = Path.Combine(folder, "kubeconfig");
        _thumbprint = thumbprint;
    }

    public string Token { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string Kubeconfig { get; }

    public static Credentials Write(string folder, int port)
    {
        // Service accounts' tokens are signed with it too, and 1.20 does that with RSA or P-256.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = SelfSigned(key, "127.0.0.1");
        File.WriteAllText(Path.Combine(folder, CertificateFile), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, KeyFile), key.ExportECPrivateKeyPem());
        var credentials = new Credentials(folder, certificate.Thumbprint);
        File.WriteAllText(Path.Combine(folder, TokensFile), $"{credentials.Token},admin,admin,system:masters\n");
        File.WriteAllText(credentials.Kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts:
              - name: test
                context: { cluster: test, user: admin }
            clusters:
              - name: test
                cluster:
                  server: https://127.0.0.1:{{port}}
                  certificate-authority: {{CertificateFile}}
            users:
              - name: admin
                user:
                  token: {{credentials.Token}}

            """);
        return credentials;
    }

    /// <summary>A certificate that is its own authority.</summary>
    public static X509Certificate2 SelfSigned(ECDsa key, params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public bool IsOurs(X509Certificate certificate) => certificate.GetCertHashString() == _thumbprint;
}
