namespace Lxcfs.Tests.Rig;

/// <summary>Changes the sizes of a container as in-place resizes do, over and over, until it is disposed of.</summary>
internal sealed class Resizing : IAsyncDisposable
{
    private static readonly bool IsV2 = File.Exists("/sys/fs/cgroup/cgroup.controllers");

    private readonly CancellationTokenSource _end = new();
    private readonly Task _changing;
    private int _changes;

    /// <param name="cgroup">Of the container, from the root of each hierarchy.</param>
    /// <param name="mebibytes">The limits of memory to change between.</param>
    public Resizing(string cgroup, params int[] mebibytes) => _changing = Task.Run(async () =>
    {
        for (; !_end.IsCancellationRequested; _changes++)
        {
            await ChangeAsync("memory", "memory.limit_in_bytes", "memory.max", $"{(long)mebibytes[_changes % mebibytes.Length] << 20}");
            await ChangeAsync("cpuset", "cpuset.cpus", "cpuset.cpus", _changes % 3 == 0 ? "0" : $"0-{Environment.ProcessorCount - 1}");
            await ChangeAsync("cpu", "cpu.cfs_quota_us", "cpu.max", $"{50_000 + 10_000 * (_changes % 16)}");
            await Task.Delay(5);
        }

        Task ChangeAsync(string controller, string v1, string v2, string value) =>
            IgnoreBusyAsync(File.WriteAllTextAsync(IsV2 ? $"/sys/fs/cgroup{cgroup}/{v2}" : $"/sys/fs/cgroup/{controller}{cgroup}/{v1}", value));
    });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _changing;
        _end.Dispose();
        Assert.True(_changes > 3, $"{_changes} changes");
    }

    /// <summary>The kernel refuses a limit below what is used, where it can't free enough of it.</summary>
    private static async Task IgnoreBusyAsync(Task written)
    {
        const int busy = 16;
        try
        {
            await written;
        }
        catch (IOException error) when (error.HResult == busy)
        {
        }
    }
}
