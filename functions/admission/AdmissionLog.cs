using LxcfsFunctions.Admission;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions;

/// <summary>What is logged of reviews: one line each.</summary>
internal static partial class AdmissionLog
{
    /// <summary>Characters of a name, of which Kubernetes allows no more (DNS subdomain).</summary>
    private const int LongestName = 253;

    public static void Decided(
        ILogger logger, string webhook, AdmissionOutcome outcome, string reason, string? @namespace, string? pod, string uid) =>
        WriteDecided(logger, webhook, outcome, reason, Cut(@namespace), pod, uid);

    public static string? Cut(string? name) => name?.Length > LongestName ? name[..LongestName] : name;

    // Where values come in another order than in the message, the generator writes a formatter of its own, which costs half as
    // much as the shared one that looks for the braces each time.
    [LoggerMessage(1, LogLevel.Information, "{Webhook} {Outcome} {Namespace}/{Pod}: {Reason} ({Uid})")]
    private static partial void WriteDecided(
        ILogger logger, string webhook, AdmissionOutcome outcome, string reason, string? @namespace, string? pod, string uid);

    [LoggerMessage(2, LogLevel.Warning, "{Webhook} refused a request with {Status}: {Problem}")]
    public static partial void Refused(ILogger logger, string webhook, int status, string problem);

    [LoggerMessage(3, LogLevel.Error, "{Webhook} failed on a review")]
    public static partial void Failed(ILogger logger, string webhook, Exception exception);
}
