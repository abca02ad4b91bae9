using System.Diagnostics;
using LxcfsAgent.Native;

namespace LxcfsAgent.Node;

/// <summary>
/// Has one LXCFS answer a read every second, on a thread of its own, as a read of one that hangs never returns. Who watches
/// it need not do more than look how long an answer has been owed.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private const long NotAsking = 0;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly Thread _thread;
    private readonly ManualResetEvent _over = new(initialState: false);
    private readonly ManualResetEvent _failed = new(initialState: false);
    private long _asked = NotAsking;

    /// <param name="file">A file that LXCFS serves.</param>
    public Heartbeat(string file)
    {
        _file = file;
        _thread = new Thread(Beat) { IsBackground = true, Name = "Heartbeat" };
        _thread.Start();
    }

    /// <summary>Set once LXCFS has answered with an error.</summary>
    public WaitHandle Failed => _failed;

    /// <summary>For how long it has owed an answer; zero while it owes none.</summary>
    public TimeSpan Owed => Interlocked.Read(ref _asked) is not NotAsking and var asked ? Stopwatch.GetElapsedTime(asked) : TimeSpan.Zero;

    /// <summary>To be called when LXCFS answers, or has ended: either ends a read that waits.</summary>
    public void Dispose()
    {
        _over.Set();
        if (!_thread.Join(Patience))
            return;
        _over.Dispose();
        _failed.Dispose();
    }

    private void Beat()
    {
        // Opened once: whoever looks a file of a dead LXCFS up has the kernel take away whatever is mounted over its files, anywhere.
        Descriptor? file = null;
        while (!_over.WaitOne(Every))
        {
            Interlocked.Exchange(ref _asked, Stopwatch.GetTimestamp());
            file ??= Descriptor.TryOpen(_file, Libc.ORdonly);
            var answered = file is not null && IsAnswered(file);
            Interlocked.Exchange(ref _asked, NotAsking);
            if (answered)
                continue;
            _failed.Set();
            break;
        }

        file?.Dispose();
    }

    private static unsafe bool IsAnswered(Descriptor file)
    {
        const int some = 64;
        var buffer = stackalloc byte[some];
        return Libc.PRead(file.Number, buffer, some, 0) > 0;
    }
}
