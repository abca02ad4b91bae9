namespace LxcfsAgent;

/// <summary>What the connection to the container runtime says.</summary>
internal static partial class Log
{
    [LoggerMessage(201, LogLevel.Information, "Registered with the runtime {Runtime}, which has {Pods} pods and {Containers} containers")]
    public static partial void NriRegistered(ILogger logger, string runtime, int pods, int containers);

    [LoggerMessage(202, LogLevel.Warning, "Not registered with the runtime at {Socket}: {Reason}; it is tried again")]
    public static partial void NriLost(ILogger logger, string socket, string reason);

    [LoggerMessage(203, LogLevel.Error, "{Call} failed, and nothing was done for the container")]
    public static partial void NriCallFailed(ILogger logger, string call, Exception exception);

    [LoggerMessage(204, LogLevel.Error, "{Call} was answered with nothing to do, since the plugin was too slow")]
    public static partial void NriCallLate(ILogger logger, string call);

    [LoggerMessage(205, LogLevel.Warning, "{Call} told of a pod or container that is larger than is taken: nothing is done for it")]
    public static partial void NriTooLarge(ILogger logger, string call);

    [LoggerMessage(206, LogLevel.Warning, "Of what the runtime has, {Count} pods and containers were larger than is taken, or too many: nothing is done for these")]
    public static partial void NriLeftOut(ILogger logger, int count);

    [LoggerMessage(207, LogLevel.Error, "The connection to the runtime failed in an unforeseen way; it is made again")]
    public static partial void NriFailed(ILogger logger, Exception exception);

    [LoggerMessage(208, LogLevel.Error, "{Call} was not passed on: the plugin is stuck")]
    public static partial void NriDropped(ILogger logger, string call);
}
