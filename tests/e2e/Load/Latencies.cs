using System.Collections.Concurrent;
using System.Diagnostics;

namespace LxcfsFunctions.EndToEnd.Load;

/// <summary>How long something took, each time.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentBag<TimeSpan> _all = [];

    public void AddSince(long started) => _all.Add(Stopwatch.GetElapsedTime(started));

    /// <param name="percent">Of all were at least as fast.</param>
    public double Milliseconds(int percent)
    {
        var sorted = _all.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)].TotalMilliseconds;
    }
}
