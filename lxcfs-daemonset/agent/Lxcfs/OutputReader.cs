using System.ComponentModel;
using System.Text;
using LxcfsAgent.Native;

namespace LxcfsAgent.Lxcfs;

/// <summary>Reads what LXCFS says from the pipe that outlives agents, and passes it on to the log.</summary>
internal static class OutputReader
{
    /// <summary>What its filter of system calls says of one that it denied.</summary>
    private const string Denied = "denied system call";

    /// <summary>What the log shows of a line, and what is read of one.</summary>
    private const int LongestLine = 1024, LongestRead = 64 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static void Start(Descriptor pipe, RateLimitedLog log, AgentMetrics metrics) =>
        new Thread(() => Read(pipe, log, metrics)) { IsBackground = true, Name = "LXCFS says" }.Start();

    private static void Read(Descriptor pipe, RateLimitedLog log, AgentMetrics metrics)
    {
        var lines = new LineReader(pipe, LongestRead);
        var tooLong = 0;
        try
        {
            while (true)
            {
                var next = lines.Next(Patience);
                if (lines.TooLong > tooLong)
                    log.Write($"(a line of more than {LongestRead} bytes)");
                tooLong = lines.TooLong;
                if (next is not { Length: > 0 } line)
                    continue;
                var text = Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, LongestLine)]);
                if (text.Contains(Denied, StringComparison.Ordinal))
                    metrics.DeniedCalls.Add(1);
                log.Write(text);
            }
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            // Both ends are this process's own: it ends.
        }
    }
}
