using System.Diagnostics;
using LxcfsAgent.Native;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>The LXCFS of this agent, from its start or adoption to its end, and how it fares.</summary>
/// <param name="program">The executable.</param>
/// <param name="output">Where it writes what it says.</param>
/// <param name="patience">How long it may owe an answer and do nothing.</param>
/// <param name="place">Is told of a new process, to put it where it belongs.</param>
/// <param name="whyEnded">Why the latest has ended; null where nobody knows.</param>
internal sealed class LxcfsRunner(
    string program,
    IReadOnlyDictionary<string, string> environment,
    Descriptor output,
    TimeSpan patience,
    Func<string, string, string, string?> verify,
    Action<int> place,
    Func<string?> whyEnded,
    Func<WorkerPool> readers,
    Action<string> probeFailed,
    ILogger logger) : IDisposable
{
    private readonly RestartBackoff _backoff = new();
    private readonly AutoResetEvent _never = new(initialState: false);
    private WorkerPool? _reader;
    private LxcfsProcess? _process;
    private LxcfsProbe? _probe;
    private HangDetector _hanging = new(patience);
    private long _started;
    private TimeSpan? _right;

    /// <summary>When LXCFS may be started again, on the clock that <see cref="Stop"/> is given.</summary>
    public TimeSpan StartDue { get; private set; }

    /// <summary>What kept the last one from serving; null once one has come to right values.</summary>
    public string? LastError { get; private set; }

    /// <summary>Where it is mounted, once it has come to right values; null before.</summary>
    public string? RightAt => _right is null ? null : _process?.MountPoint;

    /// <summary>Set when something has happened to it.</summary>
    public IReadOnlyList<WaitHandle> Events => _process is null || _probe is null ? [_never] : [_process.Exited, _probe.Changed];

    /// <summary>Whether it serves no more, and nobody has seen to it yet.</summary>
    public bool HasFailed => _process?.HasEnded == true || _probe?.Error is not null;

    /// <summary>How soon to look at it again whatever happens.</summary>
    public TimeSpan Look => _probe?.Owed > TimeSpan.Zero ? HangDetector.Every : TimeSpan.MaxValue;

    public void Start(string mountPoint) => Watch(LxcfsProcess.Start(program, mountPoint, output, environment));

    /// <exception cref="IOException">It is gone.</exception>
    public void Adopt(string mountPoint) =>
        Watch(LxcfsProcess.Find(mountPoint) ?? throw new IOException($"the LXCFS at {mountPoint} is gone"));

    /// <param name="deviceAt">The device number of the mount at a path; null where none is.</param>
    public LxcfsState? Observe(Func<string, string?> deviceAt)
    {
        if (_process is null || _probe is null)
            return null;
        var device = deviceAt(_process.MountPoint);
        var state = new LxcfsState(_process.Id, _process.MountPoint, LxcfsHealth.Starting, device);
        if (_process.HasEnded)
            return state with { Health = LxcfsHealth.Ended, Error = WhyEnded(_process) };
        if (Hangs(_process, _probe.Owed))
            return state with { Health = LxcfsHealth.Hung, Error = $"LXCFS {_process.Id} has owed an answer for {_probe.Owed.TotalSeconds:0.0} s and hangs" };
        if (_probe.Error is { } error)
            return state with { Health = LxcfsHealth.Wrong, Error = WhyEnded(_process) ?? error };
        LastError = _probe.Latest ?? LastError;
        if (!_probe.IsRight || device is null)
            return state;
        Note(_process);
        return state with { Health = LxcfsHealth.Right };
    }

    /// <summary>Ends it.</summary>
    /// <param name="now">The time that <see cref="StartDue"/> is counted from.</param>
    /// <param name="wanted">Whether it was to end: then nothing is wrong with it.</param>
    public void Stop(TimeSpan now, string reason, bool wanted)
    {
        if (_process is null)
            return;
        var served = _right is { } right ? Stopwatch.GetElapsedTime(_started) - right : TimeSpan.Zero;
        _process.Kill();
        if (_probe?.End() != true)
            _reader = null;
        _probe?.Dispose();
        _process.Dispose();
        (_process, _probe) = (null, null);
        if (wanted)
            return;
        StartDue = now + _backoff.After(served);
        LastError = reason;
    }

    /// <summary>Leaves it to the next agent.</summary>
    public void Dispose() => _never.Dispose();

    private void Watch(LxcfsProcess process)
    {
        _process = process;
        place(process.Id);
        (_started, _right, _hanging) = (Stopwatch.GetTimestamp(), null, new(patience));
        _probe = new(process.MountPoint, verify, _reader ??= readers(), probeFailed);
    }

    /// <summary>What a process that is about to end answered last is no reason.</summary>
    private string? WhyEnded(LxcfsProcess process) => whyEnded() is { } why ? $"LXCFS {process.Id} has ended: {why}" : null;

    private void Note(LxcfsProcess process)
    {
        if (_right is not null)
            return;
        _right = Stopwatch.GetElapsedTime(_started);
        LastError = null;
        if (process.IsAdopted)
            Log.Adopted(logger, process.Id, (long)_right.Value.TotalMilliseconds);
        else
            Log.Right(logger, process.Id, (long)_right.Value.TotalMilliseconds);
    }

    private bool Hangs(LxcfsProcess process, TimeSpan owed)
    {
        // It mostly owes nothing, and then needs no look at what it does.
        var wasSlow = _hanging.IsSlow;
        var hangs = _hanging.Look(owed, owed > TimeSpan.Zero ? ProcessActivity.OfAnswer(process.Id, _reader?.Process) : default);
        if (_hanging.IsSlow && !wasSlow && !hangs)
            Log.Slow(logger, process.Id, owed.TotalSeconds);
        return hangs;
    }
}
