using LxcfsAgent.Lxcfs;
using LxcfsAgent.Plan;

namespace LxcfsAgent;

/// <summary>Every message of the program.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Generation {Generation} serves {Root} on a node with control groups {Mode}")]
    public static partial void Joined(ILogger logger, long generation, string root, CgroupMode mode);

    [LoggerMessage(2, LogLevel.Information, "LXCFS {Pid} answers right values after {Milliseconds} ms")]
    public static partial void Right(ILogger logger, int pid, long milliseconds);

    [LoggerMessage(3, LogLevel.Warning, "LXCFS {Pid} is started again: {Reason}")]
    public static partial void Ended(ILogger logger, int pid, string reason);

    [LoggerMessage(4, LogLevel.Warning, "LXCFS {Pid} hangs and is replaced: {Reason}")]
    public static partial void Hung(ILogger logger, int pid, string reason);

    [LoggerMessage(5, LogLevel.Error, "Could not do {Action}: {Error}; it is tried again")]
    public static partial void ActionFailed(ILogger logger, string action, string error);

    [LoggerMessage(6, LogLevel.Information, "Repaired {Repaired} of {Stale} stale files in {Containers} containers in {Milliseconds} ms")]
    public static partial void Repaired(ILogger logger, int repaired, int stale, int containers, long milliseconds);

    [LoggerMessage(7, LogLevel.Warning, "Could not repair {Container}: {Error}; it is tried again after a pause")]
    public static partial void NotRepaired(ILogger logger, string container, string error);

    [LoggerMessage(8, LogLevel.Information, "This agent is now {Phase}")]
    public static partial void Became(ILogger logger, Phase phase);

    [LoggerMessage(9, LogLevel.Information, "Removed what was left at the mount point: {Path}")]
    public static partial void StaleMountPointRemoved(ILogger logger, string path);

    [LoggerMessage(10, LogLevel.Information, "LXCFS says: {Line}")]
    public static partial void Said(ILogger logger, string line);

    [LoggerMessage(11, LogLevel.Information, "LXCFS {Pid} of an agent before this one answers right values after {Milliseconds} ms, and is kept")]
    public static partial void Adopted(ILogger logger, int pid, long milliseconds);

    [LoggerMessage(12, LogLevel.Information, "The node is labelled {Label}={Value}")]
    public static partial void Labelled(ILogger logger, string label, string value);

    [LoggerMessage(13, LogLevel.Warning, "The node can't be labelled: {Fault}")]
    public static partial void NotLabelled(ILogger logger, string fault);

    [LoggerMessage(14, LogLevel.Warning, "LXCFS said {Lines} lines more than the log takes in a minute")]
    public static partial void Withheld(ILogger logger, int lines);

    [LoggerMessage(15, LogLevel.Error, "A turn failed; LXCFS goes on serving, and the next turn tries again")]
    public static partial void TurnFailed(ILogger logger, Exception exception);

    [LoggerMessage(16, LogLevel.Warning, "Took {Files} files out of {Containers} containers until the next agent starts; they see the node's values")]
    public static partial void Withdrew(ILogger logger, int files, int containers);

    [LoggerMessage(17, LogLevel.Information, "Gave {Files} files back to {Containers} containers")]
    public static partial void Restored(ILogger logger, int files, int containers);

    [LoggerMessage(18, LogLevel.Warning, "LXCFS {Pid} has owed an answer for {Seconds:0.0} s, but is at work, or waits for a processor or the disk: this node is busy")]
    public static partial void Slow(ILogger logger, int pid, double seconds);

    [LoggerMessage(19, LogLevel.Warning, "The node's containers could not be looked at: {Error}")]
    public static partial void NotScanned(ILogger logger, string error);

    [LoggerMessage(20, LogLevel.Warning, "A worker was held up by {What} and is killed; another one goes on")]
    public static partial void WorkerKilled(ILogger logger, string what);

    [LoggerMessage(21, LogLevel.Warning, "{What}")]
    public static partial void Noted(ILogger logger, string what);

    [LoggerMessage(22, LogLevel.Error, "This node can't be served: {Reason}")]
    public static partial void Unsupported(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Warning, "Containers could not be looked at, and are not repaired: {Unreadable}")]
    public static partial void Unreadable(ILogger logger, string unreadable);

    [LoggerMessage(25, LogLevel.Warning, "It can't be told whether the agents of generations {Generations} live; they count as living")]
    public static partial void UnknownAgents(ILogger logger, string generations);

    [LoggerMessage(26, LogLevel.Warning, "{Containers} containers had started without the files of LXCFS and have them now; what they read before stays as it was: {Names}")]
    public static partial void AttachedLate(ILogger logger, int containers, string names);

    [LoggerMessage(27, LogLevel.Warning, "Could not bring {Container} the files of LXCFS: {Error}; containers that run are tried again")]
    public static partial void NotAttached(ILogger logger, string container, string error);

    [LoggerMessage(28, LogLevel.Warning, "{Container} is not made, since LXCFS does not answer; its kubelet tries again")]
    public static partial void Refused(ILogger logger, string container);

    [LoggerMessage(23, LogLevel.Warning, "A look at the containers met its bounds: {Bounds}")]
    public static partial void BoundHit(ILogger logger, string bounds);
}
