using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>A container of a node's containerd, with limits of its own, started and ended the way a kubelet does.</summary>
internal abstract class Container(Node node, string id)
{
    /// <summary>The limits of a container that asks for no others: 256 MiB and one CPU.</summary>
    public const int MemoryKilobytes = 262144, Cpus = 1;

    private const string CpuPeriod = "100000";

    public Node Node { get; } = node;

    public string Id { get; } = id;

    /// <summary>Its first process, as the tests see it.</summary>
    public int Pid { get; private set; }

    /// <summary>The same as the node sees it.</summary>
    public int PidInNode { get; private set; }

    public bool IsRunning => Pid != 0 && Processes.Status(Pid, "State") is { } state && state[0] is not ('Z' or 'X');

    public IReadOnlyList<Mount> LxcfsMounts => [.. Mount.Of(Pid).Where(mount => mount.IsLxcfs)];

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(Node.LogFolder, Id);

    public async Task<string> ExecAsync(params string[] command)
    {
        // Through a file: of what a process that ends at once writes into ctr's own pipes, ctr may read nothing on a busy machine.
        var (id, output) = ($"exec-{Guid.NewGuid():n}", Path.Combine(Node.Folder, $"{Guid.NewGuid():n}.out"));
        var result = await Node.TryAsync(["ctr", "task", "exec", "--exec-id", id, "--log-uri", $"file://{output}", Id, .. command]);
        var printed = File.Exists(output) ? await File.ReadAllTextAsync(output) : "";
        return result.ExitCode == 0 ? printed : throw new InvalidOperationException(
            $"{string.Join(' ', command)} in {Id} ended with {result.ExitCode}: {result.Error}{printed}");
    }

    /// <summary>SIGTERM, a grace period, SIGKILL; then nothing of it is left.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (IsRunning)
            Libc.Signal(Pid, Libc.SigTerm);
        for (var until = DateTime.UtcNow + grace; IsRunning && DateTime.UtcNow < until;)
            await Task.Delay(10);
        await RemoveAsync();
    }

    public Task StopAsync() => StopAsync(TimeSpan.FromSeconds(30));

    /// <summary>SIGKILL to its first process; the runtime ends the others.</summary>
    public async Task KillAsync()
    {
        Libc.Signal(Pid, Libc.SigKill);
        await Eventually.TrueAsync(() => !IsRunning, () => $"{Id} lives on");
        await RemoveAsync();
    }

    public async Task RemoveAsync()
    {
        var why = "";
        // On a busy node the task is not stopped yet when ctr comes to remove it.
        await Eventually.TrueAsync(
            async () =>
            {
                await Node.TryAsync("ctr", "task", "rm", "--force", Id);
                var removed = await Node.TryAsync("ctr", "container", "rm", Id);
                why = removed.Error;
                return removed.ExitCode == 0 || why.Contains("not found", StringComparison.Ordinal);
            },
            () => $"{Id} can't be removed: {why}");
        Pid = 0;
    }

    protected Task StartAsync(string image, IEnumerable<string> options, IEnumerable<string> command) => StartAsync(
        $"/{Node.Name}/{Id}", image,
        ["--memory-limit", $"{MemoryKilobytes * 1024L}", "--cpu-quota", CpuPeriod, "--cpu-period", CpuPeriod, .. options], command);

    /// <summary>With the limits that the options give it, and no others.</summary>
    protected async Task StartAsync(string cgroup, string image, IEnumerable<string> options, IEnumerable<string> command)
    {
        var pidFile = Path.Combine(Node.Folder, $"{Id}.pid");
        await Node.RunAsync(
        [
            "ctr", "run", "--detach", "--pid-file", pidFile, "--log-uri", $"file://{LogFile}", "--cgroup", cgroup,
            .. options, await Node.ImageAsync(image), Id, .. command,
        ]);
        PidInNode = int.Parse(await File.ReadAllTextAsync(pidFile), CultureInfo.InvariantCulture);
        Pid = Processes.InNamespaceOf(Node.Pid, PidInNode, cgroup)
            ?? throw new InvalidOperationException($"{Id} ended at once and printed: {Log}");
    }
}
