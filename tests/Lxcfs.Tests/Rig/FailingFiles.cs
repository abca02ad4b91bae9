using System.Diagnostics;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>strace on an LXCFS: files that it can't open, as where it has no descriptor left, until this is disposed of.</summary>
internal sealed class FailingFiles : IAsyncDisposable
{
    private readonly Process _strace;

    private FailingFiles(Process strace) => _strace = strace;

    /// <param name="lxcfs">Without its filter, as <see cref="LookUps.Unfiltered"/> says.</param>
    /// <param name="paths">As LXCFS names them.</param>
    public static async Task<FailingFiles> OfAsync(LxcfsContainer lxcfs, IEnumerable<string> paths)
    {
        var strace = Process.Start("strace",
        [
            "-f", "-qq", "-o", "/dev/null", "-e", "trace=openat", "-e", "inject=openat:error=EMFILE", "-p", $"{lxcfs.Pid}", .. paths.SelectMany(path => new[] { "-P", path }),
        ]);
        await Eventually.TrueAsync(
            () => Processes.Threads(lxcfs.Pid).All(thread => Processes.Status(thread, "TracerPid") == $"{strace.Id}"), () => "strace does not attach");
        return new(strace);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
            _strace.Kill();
        await _strace.WaitForExitAsync();
        _strace.Dispose();
    }
}
