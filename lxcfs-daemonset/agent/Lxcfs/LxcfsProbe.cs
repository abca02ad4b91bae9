using System.ComponentModel;
using System.Diagnostics;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>
/// Has one LXCFS answer: first until what it answers is right, since that something is mounted proves nothing, then once a second. A
/// read of one that hangs never returns: a worker does it, and a thread of this class's own waits for the worker.
/// </summary>
internal sealed class LxcfsProbe : IDisposable
{
    private const long NotAsking = 0;

    /// <summary>How long an LXCFS may take to come to right values.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Longer than anybody lets an LXCFS owe an answer: whoever watches decides when it hangs, and ends it, which ends the read.</summary>
    private static readonly TimeSpan Forever = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly string _mountPoint;
    private readonly Func<string, string, string, string?> _verify;
    private readonly WorkerPool _reader;
    private readonly Action<string> _failed;
    private readonly ManualResetEvent _over = new(initialState: false);
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly Thread _thread;
    private long _asked = NotAsking;

    /// <param name="verify">What is wrong with the answers for meminfo, cpuinfo and uptime; null when they are right.</param>
    /// <param name="reader">Is this probe's alone.</param>
    /// <param name="failed">Is told why the reader could not ask; that is no fault of LXCFS.</param>
    public LxcfsProbe(string mountPoint, Func<string, string, string, string?> verify, WorkerPool reader, Action<string> failed)
    {
        _failed = failed;
        _mountPoint = mountPoint;
        _verify = verify;
        _reader = reader;
        _thread = new Thread(Run) { IsBackground = true, Name = "Probe" };
        _thread.Start();
    }

    /// <summary>Set when LXCFS has come to right answers, or no longer answers.</summary>
    public WaitHandle Changed => _changed;

    public bool IsRight { get; private set => Volatile.Write(ref field, value); }

    /// <summary>What is wrong with it for good; null while nothing is.</summary>
    public string? Error { get; private set => Volatile.Write(ref field, value); }

    /// <summary>What was wrong with its latest answers while it starts.</summary>
    public string? Latest { get; private set => Volatile.Write(ref field, value); }

    /// <summary>For how long it has owed an answer; zero while it owes none.</summary>
    public TimeSpan Owed => Interlocked.Read(ref _asked) is not NotAsking and var asked ? Stopwatch.GetElapsedTime(asked) : TimeSpan.Zero;

    /// <summary>To be called once LXCFS has ended: that ends a read that waits.</summary>
    /// <returns>Whether the reader is free again.</returns>
    public bool End()
    {
        _over.Set();
        return _thread.Join(LongestEnd);
    }

    public void Dispose()
    {
        if (!End())
            return;
        _over.Dispose();
        _changed.Dispose();
    }

    private void Run()
    {
        try
        {
            IsRight = ComesToRight();
            _changed.Set();
            while (IsRight && !_over.WaitOne(Every))
            {
                // Twice, since whoever reads for us may have failed, and a replacement costs every container its open files.
                if (IsWrong() && IsWrong() && !_over.WaitOne(TimeSpan.Zero))
                {
                    Error = "LXCFS answers a read with an error";
                    _changed.Set();
                    return;
                }
            }
        }
#pragma warning disable CA1031 // Told to the agent, who goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Error = $"LXCFS could not be asked: {exception.Message}";
            _changed.Set();
        }
    }

    private bool IsWrong() => Read("/proc/uptime") is { Text: null, IsOurs: false };

    private bool ComesToRight()
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestStart)
        {
            // Before it is mounted there is an empty folder, and no such file.
            var meminfo = Read("/proc/meminfo");
            if (meminfo.Text is { } text)
            {
                Latest = _verify(text, Read("/proc/cpuinfo").Text ?? "", Read("/proc/uptime").Text ?? "");
                if (Latest is null)
                    return true;
            }

            // While nobody can ask it, its time does not run.
            if (meminfo.IsOurs)
                started = Stopwatch.GetTimestamp();

            if (_over.WaitOne(meminfo.IsOurs ? Every : Latest is null ? Look : Again))
                return false;
        }

        Error = Latest ?? $"LXCFS did not mount {_mountPoint} within {LongestStart.TotalSeconds} s";
        return false;
    }

    private ReadAnswer Read(string file)
    {
        Interlocked.Exchange(ref _asked, Stopwatch.GetTimestamp());
        try
        {
            var answer = _reader.Read(_mountPoint + file, Forever) ?? new(null, "it does not answer");
            if (answer is { IsOurs: true, Error: { } error })
                _failed(error);
            return answer;
        }
        catch (Exception exception) when (exception is IOException or Win32Exception or InvalidOperationException)
        {
            _failed(exception.Message);
            return new(null, exception.Message, IsOurs: true);
        }
        finally
        {
            Interlocked.Exchange(ref _asked, NotAsking);
        }
    }
}
