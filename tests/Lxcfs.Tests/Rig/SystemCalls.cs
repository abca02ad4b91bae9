using System.Diagnostics;
using System.Globalization;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>strace on an LXCFS: how often it makes each system call.</summary>
internal sealed class SystemCalls : IAsyncDisposable
{
    private readonly Process _strace;
    private readonly string _output;

    private SystemCalls(Process strace, string output) => (_strace, _output) = (strace, output);

    public static async Task<SystemCalls> OfAsync(LxcfsContainer lxcfs)
    {
        var output = Path.Combine(lxcfs.Node.Folder, $"calls-{Guid.NewGuid():N}");
        var strace = Process.Start("strace", ["-f", "-qq", "-c", "-o", output, "-p", $"{lxcfs.Pid}"]);
        await Eventually.TrueAsync(
            () => Processes.Threads(lxcfs.Pid).All(thread => Processes.Status(thread, "TracerPid") == $"{strace.Id}"), () => "strace does not attach");
        return new(strace, output);
    }

    /// <summary>Lets LXCFS go, and tells the numbers by name.</summary>
    public async Task<IReadOnlyDictionary<string, int>> EndAsync()
    {
        Libc.Signal(_strace.Id, Libc.SigTerm);
        await _strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        // Share, seconds, microseconds a call, calls, errors if there are any, and the name.
        return File.ReadLines(_output).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length >= 5 && fields[^1] != "total" && int.TryParse(fields[3], CultureInfo.InvariantCulture, out _))
            .ToDictionary(fields => fields[^1], fields => int.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
            _strace.Kill();
        await _strace.WaitForExitAsync();
        _strace.Dispose();
    }
}
