using System.Diagnostics;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>How late the machine is: what a thread that does nothing but sleep is woken too late by.</summary>
internal sealed class Lateness : IDisposable
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(10);

    private readonly WorstWindow _worst;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <param name="window">In the worst stretch of that length.</param>
    private Lateness(TimeSpan window)
    {
        _worst = new(window);
        _thread = new(Run) { IsBackground = true, Name = "Lateness" };
    }

    /// <summary>In the worst stretch, in all.</summary>
    public TimeSpan Worst => _worst.Sum;

    public static Lateness Watch(TimeSpan window)
    {
        var lateness = new Lateness(window);
        lateness._thread.Start();
        return lateness;
    }

    /// <summary>Ends the watch; <see cref="Worst"/> stays.</summary>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run()
    {
        var clock = Stopwatch.StartNew();
        while (!_isOver)
        {
            var began = clock.Elapsed;
            Thread.Sleep(Nap);
            _worst.Add(clock.Elapsed, clock.Elapsed - began - Nap);
        }
    }
}
