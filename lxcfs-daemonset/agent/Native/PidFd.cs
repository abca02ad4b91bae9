using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>One process, whether a child or not, that stays the same even when its number is given to another. Kernel 5.3 and later.</summary>
internal sealed unsafe class PidFd : IDisposable
{
    private const int WatchStack = 128 * 1024;

    private readonly Descriptor _process;
    private readonly Lock _watching = new();
    private Descriptor? _stop;
    private ManualResetEvent? _exited;
    private Thread? _watch;

    private PidFd(int pid, Descriptor process) => (Pid, _process) = (pid, process);

    public int Pid { get; }

    /// <summary>Null when there is no such process; one that has ended and is not reaped is still there.</summary>
    /// <exception cref="Win32Exception">It can't be watched; on a kernel before 5.3 none can.</exception>
    public static PidFd? TryOpen(int pid)
    {
        var fd = ProcessCalls.PidFdOpen(pid);
        // A number of a thread, or of a session whose leader has ended, is no process's: kernels say so by EINVAL or ENOENT.
        return fd < 0 && Marshal.GetLastPInvokeError() is Libc.Esrch or Libc.Einval or Libc.Enoent
            ? null
            : new(pid, Descriptor.From(fd, $"pidfd_open {pid}"));
    }

    public bool HasExited => WaitForExit(TimeSpan.Zero);

    /// <summary>Set once the process has ended, reaped or not. The first call starts the thread that waits for it.</summary>
    public WaitHandle Exited
    {
        get
        {
            lock (_watching)
            {
                if (_exited is null)
                {
                    _stop = Descriptor.From(ProcessCalls.EventFd(0, Libc.OCloexec), "eventfd");
                    _exited = new(initialState: false);
                    _watch = new(Watch, WatchStack) { IsBackground = true, Name = "PidFd" };
                    _watch.Start();
                }

                return _exited;
            }
        }
    }

    /// <summary>Waits on the caller's thread.</summary>
    /// <param name="patience"><see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>Whether the process has ended.</returns>
    public bool WaitForExit(TimeSpan patience)
    {
        var until = patience < TimeSpan.Zero ? (long?)null : Environment.TickCount64 + (long)Math.Ceiling(patience.TotalMilliseconds);
        var descriptor = new ProcessCalls.PollFd { Fd = _process.Number, Events = ProcessCalls.PollIn };
        while (true)
        {
            var left = until is { } end ? (int)Math.Clamp(end - Environment.TickCount64, 0, int.MaxValue) : -1;
            var ready = ProcessCalls.Poll(&descriptor, 1, left);
            if (ready >= 0)
                return ready > 0;
            if (Marshal.GetLastPInvokeError() != Libc.Eintr)
                throw Descriptor.Failed($"poll of process {Pid}");
        }
    }

    /// <returns>False when the process has ended.</returns>
    public bool Signal(int signal)
    {
        if (ProcessCalls.PidFdSendSignal(_process.Number, signal) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Libc.Esrch ? false : throw Descriptor.Failed($"pidfd_send_signal {Pid}");
    }

    public void Dispose()
    {
        lock (_watching)
        {
            if (_stop is not null)
                _ = ProcessCalls.EventFdWrite(_stop.Number, 1);
        }

        _watch?.Join();
        _stop?.Dispose();
        _exited?.Dispose();
        _process.Dispose();
    }

    private void Watch()
    {
        var descriptors = stackalloc ProcessCalls.PollFd[]
        {
            new() { Fd = _process.Number, Events = ProcessCalls.PollIn },
            new() { Fd = _stop!.Number, Events = ProcessCalls.PollIn },
        };
        while (ProcessCalls.Poll(descriptors, 2, -1) < 0 && Marshal.GetLastPInvokeError() == Libc.Eintr)
        {
        }

        if (descriptors[0].Revents != 0)
            _exited!.Set();
    }
}
