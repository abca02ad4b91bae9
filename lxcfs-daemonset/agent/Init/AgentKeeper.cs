using System.ComponentModel;
using System.Diagnostics;
using LxcfsAgent.Native;

namespace LxcfsAgent.Init;

/// <summary>
/// Keeps one agent running and reaps whatever ends below this process: the agent, and what an agent left behind. It decides
/// nothing else, so that little can end it. One thread turns; signals only wake it.
/// </summary>
internal sealed class AgentKeeper(Spawn agent, ILogger logger) : IDisposable
{
    private const int None = 0;

    /// <summary>EX_USAGE and EX_CONFIG: ends of the agent that a restart can't change.</summary>
    private static readonly int[] Final = [64, 78];

    private readonly RestartPolicy _policy = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private int _signal = None;
    private int _pid = None;
    private long _started;
    private long _due = Stopwatch.GetTimestamp();

    /// <summary>To be called when a child has ended, or may have.</summary>
    public void ChildEnded() => _wake.Set();

    /// <summary>Forwards a signal to the agent, whose end is then the end.</summary>
    public void Stop(int signal)
    {
        Interlocked.Exchange(ref _signal, signal);
        _wake.Set();
    }

    /// <summary>Returns when the agent has ended and is not to be started again.</summary>
    /// <returns>The agent's exit code, or 128 and the number of the signal that ended it.</returns>
    public int Run()
    {
        var stopping = false;
        var last = default(ExitStatus);
        while (true)
        {
            if (_pid == None && UntilDue() == TimeSpan.Zero)
                Start();
            _wake.WaitOne(_pid == None ? UntilDue() : Timeout.InfiniteTimeSpan);
            if (Interlocked.Exchange(ref _signal, None) is not None and var signal)
            {
                stopping = true;
                if (_pid != None)
                    _ = Libc.Kill(_pid, signal);
            }

            if (ReapAll() is { } status)
            {
                last = status;
                if (status.Signal == 0 && Final.Contains(status.Code))
                    return status.Code;
                Postpone(status, stopping);
            }

            if (stopping && _pid == None)
                return last.ShellCode;
        }
    }

    public void Dispose() => _wake.Dispose();

    private void Start()
    {
        try
        {
            _started = Stopwatch.GetTimestamp();
            _pid = agent.Start();
        }
        catch (Win32Exception exception)
        {
            var pause = _policy.PauseAfter(TimeSpan.Zero);
            _due = After(pause);
            Log.AgentNotStarted(logger, exception.Message, pause.TotalSeconds);
        }
    }

    /// <returns>How the agent ended, if it did.</returns>
    private ExitStatus? ReapAll()
    {
        ExitStatus? agentEnd = null;
        while (Children.TryReapAny() is { } child)
        {
            if (child.Pid == _pid)
                agentEnd = child.Status;
        }

        return agentEnd;
    }

    private void Postpone(ExitStatus status, bool stopping)
    {
        var lived = Stopwatch.GetElapsedTime(_started);
        var pause = _policy.PauseAfter(lived);
        _due = After(pause);
        if (!stopping)
            Log.AgentEnded(logger, _pid, status.ToString(), lived.TotalSeconds, pause.TotalSeconds);
        _pid = None;
    }

    private TimeSpan UntilDue()
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _due);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static long After(TimeSpan pause) => Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
}
