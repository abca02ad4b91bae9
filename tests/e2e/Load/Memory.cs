using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Load;

/// <summary>Watches what a process keeps in memory, from its making until it is disposed.</summary>
internal sealed class Memory : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private readonly List<int> _kilobytes = [];
    private readonly Task _watching;

    public Memory(int pid) => _watching = WatchAsync(pid);

    /// <summary>The most that was resident in the first quarter of the time, and in the last one, in MiB.</summary>
    public (double First, double Last) Quarters
    {
        get
        {
            lock (_kilobytes)
            {
                var quarter = _kilobytes.Count / 4;
                return (_kilobytes[..quarter].Max() / 1024.0, _kilobytes[^quarter..].Max() / 1024.0);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task WatchAsync(int pid)
    {
        for (; ; await Task.Delay(Pause, _end.Token))
        {
            lock (_kilobytes)
                _kilobytes.Add(Processes.Kilobytes(pid, "VmRSS"));
        }
    }
}
