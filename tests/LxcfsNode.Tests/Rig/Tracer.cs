using System.Diagnostics;
using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>
/// strace on processes, all their threads and all that they start: makes one of their system calls their last, or one that takes
/// long, or one that fails.
/// </summary>
internal sealed class Tracer : IAsyncDisposable
{
    private readonly Process _strace;
    private readonly IReadOnlyList<int> _processes;

    private Tracer(Process strace, IReadOnlyList<int> processes) => (_strace, _processes) = (strace, processes);

    /// <summary>Ends a process when one of its threads makes this system call for the given time.</summary>
    public static Task<Tracer> KillingAtAsync(IReadOnlyList<int> processes, string call, int time) =>
        AttachAsync(processes, call, $"signal=SIGKILL:when={time}");

    /// <summary>Has each thread wait before it makes this system call for the first time.</summary>
    public static Task<Tracer> DelayingAsync(IReadOnlyList<int> processes, string call, TimeSpan delay) => AttachAsync(
        processes, call, string.Create(CultureInfo.InvariantCulture, $"delay_enter={delay.TotalMicroseconds:0}:when=1"));

    /// <summary>Has each such system call on one file wait, whoever makes it, until this is disposed of.</summary>
    /// <param name="files">What /proc/PID/fd shows for the descriptor, for one of these: a path, or as <c>mnt:[4026531841]</c>.</param>
    public static Task<Tracer> DelayingOnAsync(IReadOnlyList<int> processes, string call, TimeSpan delay, params string[] files) => AttachAsync(
        processes, call, string.Create(CultureInfo.InvariantCulture, $"delay_enter={delay.TotalMicroseconds:0}"), On(files));

    /// <summary>Has the system call fail, whoever makes it, until this is disposed of.</summary>
    /// <param name="error">As errno(3) names it.</param>
    /// <param name="files">For one of these paths, as the call names it; for every call where none is given.</param>
    public static Task<Tracer> FailingAsync(IReadOnlyList<int> processes, string call, string error, params string[] files) =>
        AttachAsync(processes, call, $"error={error}", On(files));

    /// <summary>Waits until a thread is held up; threads that strace only looks at go on at once.</summary>
    /// <param name="looks">One after the other that find the same process held: a tracer stops each new thread for a moment, too.</param>
    /// <returns>Its process.</returns>
    public async Task<int> HoldsAsync(int looks = 2)
    {
        var (held, process) = (0, 0);
        await Eventually.TrueAsync(
            () =>
            {
                var found = _processes.SelectMany(Processes.Tree).FirstOrDefault(IsHeld);
                (held, process) = (found == 0 ? 0 : found == process ? held + 1 : 1, found);
                return held >= looks;
            },
            () => "nobody makes the system call");
        return process;

        static bool IsHeld(int pid) => Processes.Threads(pid).Any(thread => Processes.Status(thread, "State") == "t (tracing stop)");
    }

    /// <summary>Lets what is left of the processes go on by itself: the kernel does so when strace dies.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
            _strace.Kill();
        await _strace.WaitForExitAsync().WithinAsync(() => "strace does not end");
        _strace.Dispose();
    }

    private static string[] On(string[] files) => [.. files.SelectMany(file => (string[])["-P", file])];

    private static async Task<Tracer> AttachAsync(IReadOnlyList<int> processes, string call, string injection, params string[] options)
    {
        string[] arguments =
        [
            "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:{injection}", .. options,
            .. processes.SelectMany(pid => new[] { "-p", $"{pid}" }),
        ];
        var tracer = new Tracer(Process.Start("strace", arguments), processes);
        await Eventually.TrueAsync(
            () => processes.SelectMany(Processes.Threads).All(thread => (Processes.Status(thread, "TracerPid") ?? $"{tracer._strace.Id}") == $"{tracer._strace.Id}"),
            () => $"strace does not attach to {string.Join(' ', processes)}");
        return tracer;
    }
}
