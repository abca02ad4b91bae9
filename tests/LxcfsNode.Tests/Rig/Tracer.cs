using System.Diagnostics;
using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>strace on a process and all its threads: makes one of its system calls its last, or one that takes long.</summary>
internal sealed class Tracer : IAsyncDisposable
{
    private readonly Process _strace;

    private Tracer(Process strace) => _strace = strace;

    /// <summary>Ends the process when one of its threads makes this system call for the given time.</summary>
    public static Task<Tracer> KillingAtAsync(int pid, string call, int time) => AttachAsync(pid, call, $"signal=SIGKILL:when={time}");

    /// <summary>Has each thread wait before it makes this system call for the first time.</summary>
    public static Task<Tracer> DelayingAsync(int pid, string call, TimeSpan delay) => AttachAsync(
        pid, call, string.Create(CultureInfo.InvariantCulture, $"delay_enter={delay.TotalMicroseconds:0}:when=1"));

    /// <summary>Lets what is left of the process go on by itself: the kernel does so when strace dies.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
            _strace.Kill();
        await _strace.WaitForExitAsync();
        _strace.Dispose();
    }

    private static async Task<Tracer> AttachAsync(int pid, string call, string injection)
    {
        string[] arguments = ["-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:{injection}", "-p", $"{pid}"];
        var tracer = new Tracer(Process.Start("strace", arguments));
        await Eventually.TrueAsync(
            () => Directory.GetDirectories($"/proc/{pid}/task").All(task => Processes.Status(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), "TracerPid") == $"{tracer._strace.Id}"),
            () => $"strace does not attach to {pid}");
        return tracer;
    }
}
