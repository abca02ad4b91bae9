using System.ComponentModel;
using System.Text.Json;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>The agent's end of one worker. Whatever the worker does, nobody waits for it longer than agreed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>The longest reply, a container with every file in 64 layers, has some 50 kB.</summary>
    private const int LongestReply = 1 << 20;

    private readonly Pipe _requests;
    private readonly Pipe _replies;
    private readonly PidFd _process;
    private readonly LineReader _lines;

    private WorkerProcess(Pipe requests, Pipe replies, PidFd process)
    {
        (_requests, _replies, _process) = (requests, replies, process);
        _lines = new(replies.Read, LongestReply);
    }

    /// <summary>This very program.</summary>
    public static Spawn Program => new(Environment.ProcessPath!, ["lxcfs-agent", "worker"]);

    public int Id => _process.Pid;

    public bool HasEnded => _process.HasExited;

    /// <exception cref="Win32Exception">It can't be started.</exception>
    public static WorkerProcess Start(Spawn program)
    {
        Pipe? requests = null, replies = null;
        var pid = 0;
        try
        {
            requests = Pipe.Create();
            replies = Pipe.Create();
            pid = (program with
            {
                Descriptors = new Dictionary<int, Descriptor> { [0] = requests.Read, [1] = replies.Write },
            }).Start();
            var process = PidFd.TryOpen(pid) ?? throw new InvalidOperationException("a worker is gone before it is reaped");
            // What is left of either pipe here is the worker's end alone: its death ends the other.
            requests.Read.Dispose();
            replies.Write.Dispose();
            return new(requests, replies, process);
        }
        catch
        {
            requests?.Dispose();
            replies?.Dispose();
            // Without requests it ends by itself, at once.
            if (pid > 0)
                _ = Children.Reap(pid);
            throw;
        }
    }

    /// <exception cref="IOException">The worker has ended, or does not read.</exception>
    public void Send(WorkerRequest request, TimeSpan patience)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(request, WorkerJsonContext.Default.WorkerRequest);
        LineWriter.Write(_requests.Write, [.. line, (byte)'\n'], patience);
    }

    /// <returns>Null when nothing came within that time.</returns>
    /// <exception cref="IOException">The worker has ended.</exception>
    public WorkerReply? Next(TimeSpan patience) =>
        _lines.Next(patience) is not { } line ? null
        : line.Length == 0 ? new(IsTooLong: true)
        : JsonSerializer.Deserialize(line.Span, WorkerJsonContext.Default.WorkerReply);

    /// <summary>Ends it. One that is held up by a file system that does not answer ends when that does.</summary>
    public void Kill() => _process.Signal(ProcessCalls.SigKill);

    /// <returns>Whether it has ended, and its number is free.</returns>
    public bool TryReap() => Children.TryReap(Id) is not null;

    public void Dispose()
    {
        _requests.Dispose();
        _replies.Dispose();
        _process.Dispose();
    }
}
