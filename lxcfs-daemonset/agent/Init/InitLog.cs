namespace LxcfsAgent;

/// <summary>What <c>lxcfs-agent init</c> says.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning, "The agent {Pid} {End} after {Seconds:0.0} s; it is started again in {Pause:0.0} s, and LXCFS serves meanwhile")]
    public static partial void AgentEnded(ILogger logger, int pid, string end, double seconds, double pause);

    [LoggerMessage(102, LogLevel.Error, "The agent can't be started: {Reason}; the next try is in {Pause:0.0} s")]
    public static partial void AgentNotStarted(ILogger logger, string reason, double pause);
}
