namespace LxcfsFunctions;

/// <summary>What the server logs of itself.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(4, LogLevel.Information, "Listening on {Address} as {Home}")]
    public static partial void Listening(ILogger logger, string address, Hosting.HostingMode home);

    [LoggerMessage(5, LogLevel.Information, "The certificate {File} is in use until {NotAfter:O}")]
    public static partial void CertificateLoaded(ILogger logger, string file, DateTime notAfter);

    [LoggerMessage(6, LogLevel.Error, "The certificate {File} can't be used, so the one before stays in use: {Fault}")]
    public static partial void CertificateKept(ILogger logger, string file, string fault);

    [LoggerMessage(7, LogLevel.Warning, "preview refused a request with {Status}: {Problem}")]
    public static partial void PreviewRefused(ILogger logger, int status, string problem);
}
