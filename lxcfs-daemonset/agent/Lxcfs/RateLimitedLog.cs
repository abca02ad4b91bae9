using System.Diagnostics;

namespace LxcfsAgent.Lxcfs;

/// <summary>
/// What LXCFS says, passed on to the log up to a measure: while it starts it tells of itself in some 50 lines, but some
/// errors make it write a line for each read of each container.
/// </summary>
internal sealed class RateLimitedLog(ILogger logger)
{
    private const int LinesAMinute = 100;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private long _since = Stopwatch.GetTimestamp();
    private int _lines;

    public void Write(string line)
    {
        if (Stopwatch.GetElapsedTime(_since) > Minute)
        {
            if (_lines > LinesAMinute)
                Log.Withheld(logger, _lines - LinesAMinute);
            (_since, _lines) = (Stopwatch.GetTimestamp(), 0);
        }

        if (++_lines <= LinesAMinute)
            Log.Said(logger, line);
    }
}
