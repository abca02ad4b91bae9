using System.Diagnostics;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>
/// strace on an LXCFS: counts how often it looks for a first process, by a helper, whose answers it sends, by asking the kernel,
/// which here does not know that question, or by a walk through all processes.
/// </summary>
internal sealed class LookUps : IAsyncDisposable
{
    /// <summary>What strace has fail gets an invalid number first, which the filter would deny.</summary>
    public static readonly (string, string) Unfiltered = ("LXCFS_FILTER", "off");

    private readonly Process _strace;
    private readonly string _output;

    private LookUps(Process strace, string output) => (_strace, _output) = (strace, output);

    public static async Task<LookUps> OnAnOlderKernelAsync(LxcfsContainer lxcfs)
    {
        var output = Path.Combine(lxcfs.Node.Folder, "look-ups");
        var strace = Process.Start("strace", ["-f", "-qq", "-o", output, "-e", "trace=sendmsg,ioctl,openat", "-e", "inject=ioctl:error=ENOTTY", "-p", $"{lxcfs.Pid}"]);
        await Eventually.TrueAsync(
            () => Processes.Threads(lxcfs.Pid).All(thread => Processes.Status(thread, "TracerPid") == $"{strace.Id}"), () => "strace does not attach");
        return new(strace, output);
    }

    /// <summary>Lets LXCFS go, and tells the numbers: strace writes only then.</summary>
    public async Task<(int Helpers, int Refused, int Walks)> EndAsync()
    {
        Libc.Signal(_strace.Id, Libc.SigTerm);
        await _strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        // Which namespace is around another is asked too, and fails here too.
        return (Count("sendmsg("), Count("ENOTTY") - Count("NS_GET_PARENT"), Count("\"/proc\", O_RDONLY"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
            _strace.Kill();
        await _strace.WaitForExitAsync();
        _strace.Dispose();
    }

    private int Count(string what) => File.ReadLines(_output).Count(line => line.Contains(what, StringComparison.Ordinal));
}
