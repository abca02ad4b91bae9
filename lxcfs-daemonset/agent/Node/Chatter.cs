using System.Diagnostics;

namespace LxcfsAgent.Node;

/// <summary>
/// What one LXCFS says, passed on to the log up to a measure: while it starts it tells of itself in some 50 lines, but some
/// faults make it write a line for each read of each container.
/// </summary>
internal sealed class Chatter(ILogger logger)
{
    private const int LinesAMinute = 100;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _count = new();
    private long _since = Stopwatch.GetTimestamp();
    private int _lines;

    public void Say(string line)
    {
        int withheld;
        lock (_count)
        {
            withheld = Stopwatch.GetElapsedTime(_since) > Minute ? Math.Max(0, _lines - LinesAMinute) : 0;
            if (Stopwatch.GetElapsedTime(_since) > Minute)
                (_since, _lines) = (Stopwatch.GetTimestamp(), 0);
            if (++_lines > LinesAMinute)
                return;
        }

        if (withheld > 0)
            Log.Withheld(logger, withheld);
        Log.Said(logger, line);
    }
}
