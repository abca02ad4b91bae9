namespace LxcfsFunctions;

/// <summary>Every message of the program.</summary>
internal static partial class Log
{
    // Where values come in another order than in the message, the generator writes a formatter of its own, which costs half as
    // much as the shared one that looks for the braces each time.
    [LoggerMessage(1, LogLevel.Information, "{Webhook} {Outcome} {Namespace}/{Pod}: {Reason} ({Uid})")]
    public static partial void Decided(
        ILogger logger, string webhook, string outcome, string reason, string? @namespace, string? pod, string uid);

    [LoggerMessage(2, LogLevel.Warning, "{Webhook} refused a request with {Status}: {Fault}")]
    public static partial void Refused(ILogger logger, string webhook, int status, string fault);

    [LoggerMessage(3, LogLevel.Error, "{Webhook} failed on a review")]
    public static partial void Failed(ILogger logger, string webhook, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "Listening on {Address} as {Home}")]
    public static partial void Listening(ILogger logger, string address, Hosting.Home home);

    [LoggerMessage(5, LogLevel.Information, "The certificate {File} is in use until {NotAfter:O}")]
    public static partial void CertificateLoaded(ILogger logger, string file, DateTime notAfter);

    [LoggerMessage(6, LogLevel.Error, "The certificate {File} can't be used, so the one before stays in use: {Fault}")]
    public static partial void CertificateKept(ILogger logger, string file, string fault);
}
