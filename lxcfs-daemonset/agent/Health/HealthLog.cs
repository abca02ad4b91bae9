namespace LxcfsAgent;

/// <summary>What the answering of probes says.</summary>
internal static partial class Log
{
    [LoggerMessage(103, LogLevel.Error, "Probes get no answer yet: the socket {Path} can't be made: {Reason}; it is tried again each second")]
    public static partial void HealthNotServed(ILogger logger, string path, string reason);
}
