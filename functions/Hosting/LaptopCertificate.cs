using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LxcfsFunctions.Hosting;

/// <summary>A certificate for loopback, made once and kept, so that it can be registered as a caBundle or given to curl.</summary>
internal static class LaptopCertificate
{
    private const int DaysValid = 365;

    /// <returns>The paths of the certificate and of its key, which only the user can read.</returns>
    public static (string Certificate, string Key) Ensure()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Combine(data.Length > 0 ? data : AppContext.BaseDirectory, "lxcfs-functions");
        var (certificate, key) = (Path.Combine(folder, "localhost.crt"), Path.Combine(folder, "localhost.key"));
        if (!IsGood(certificate, key))
            Make(Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), certificate, key);
        return (certificate, key);
    }

    private static bool IsGood(string certificate, string key)
    {
        try
        {
            using var found = X509Certificate2.CreateFromPemFile(certificate, key);
            return found.NotAfter.ToUniversalTime() > DateTime.UtcNow.AddDays(1);
        }
        catch (Exception exception) when (exception is IOException or CryptographicException)
        {
            return false;
        }
    }

    private static void Make(DirectoryInfo folder, string certificate, string key)
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        var request = new CertificateRequest("CN=localhost", keys, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(DaysValid));

        // Written beside and moved, so that two starts at once can't leave half a file.
        Replace(key, keys.ExportPkcs8PrivateKeyPem());
        Replace(certificate, made.ExportCertificatePem() + "\n");

        void Replace(string path, string text)
        {
            var beside = Path.Combine(folder.FullName, $".{Guid.NewGuid():N}");
            using (var file = new FileStream(beside, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
                file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            File.Move(beside, path, overwrite: true);
        }
    }
}
