using LxcfsAgent.Node;

namespace LxcfsAgent;

/// <summary>Every message of the program.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Generation {Generation} serves {Root} on a node with control groups {Mode}")]
    public static partial void Joined(ILogger logger, long generation, string root, CgroupMode mode);

    [LoggerMessage(2, LogLevel.Information, "LXCFS {Pid} answers right values after {Milliseconds} ms")]
    public static partial void Right(ILogger logger, int pid, long milliseconds);

    [LoggerMessage(3, LogLevel.Warning, "LXCFS {Pid} has ended; it is started again")]
    public static partial void Ended(ILogger logger, int pid);

    [LoggerMessage(4, LogLevel.Warning, "LXCFS {Pid} has owed an answer for {Seconds:0.0} s and hangs; it is replaced")]
    public static partial void Hung(ILogger logger, int pid, double seconds);

    [LoggerMessage(5, LogLevel.Error, "LXCFS can't serve: {Fault}; the next try is in {Seconds} s")]
    public static partial void Failed(ILogger logger, string fault, double seconds);

    [LoggerMessage(6, LogLevel.Information, "Mended {Mended} of {Stale} stale files in {Containers} containers in {Milliseconds} ms")]
    public static partial void Mended(ILogger logger, int mended, int stale, int containers, long milliseconds);

    [LoggerMessage(7, LogLevel.Warning, "Could not mend {Fault}")]
    public static partial void Unmended(ILogger logger, string fault);

    [LoggerMessage(8, LogLevel.Information, "This agent is now {Role}")]
    public static partial void Became(ILogger logger, Role role);

    [LoggerMessage(9, LogLevel.Information, "Removed what was left at the mount point: {Path}")]
    public static partial void LitterRemoved(ILogger logger, string path);

    [LoggerMessage(10, LogLevel.Information, "LXCFS says: {Line}")]
    public static partial void Said(ILogger logger, string line);

    [LoggerMessage(11, LogLevel.Information, "Stopping: {How}")]
    public static partial void Stopping(ILogger logger, string how);

    [LoggerMessage(12, LogLevel.Information, "The node is labelled {Label}={Value}")]
    public static partial void Labelled(ILogger logger, string label, string value);

    [LoggerMessage(13, LogLevel.Warning, "The node can't be labelled: {Fault}")]
    public static partial void NotLabelled(ILogger logger, string fault);

    [LoggerMessage(14, LogLevel.Warning, "LXCFS said {Lines} lines more than the log takes in a minute")]
    public static partial void Withheld(ILogger logger, int lines);

    [LoggerMessage(15, LogLevel.Error, "The node can't be served for now")]
    public static partial void Broke(ILogger logger, Exception exception);

    [LoggerMessage(16, LogLevel.Warning, "Took {Files} files out of {Containers} containers until the next agent starts; they see the node's values")]
    public static partial void Withdrew(ILogger logger, int files, int containers);

    [LoggerMessage(17, LogLevel.Information, "Gave {Files} files back to {Containers} containers")]
    public static partial void Restored(ILogger logger, int files, int containers);

    [LoggerMessage(18, LogLevel.Warning, "LXCFS {Pid} has owed an answer for {Seconds:0.0} s, but is at work or waits for a processor: this node is busy")]
    public static partial void Slow(ILogger logger, int pid, double seconds);
}
