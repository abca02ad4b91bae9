using System.Collections.Concurrent;
using System.Net.Sockets;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>What tenants do: every attack of this suite, for some seconds each, in a container of its own.</summary>
internal sealed class TenantDeeds(Node node, Func<AgentContainer> agent)
{
    private const int Pairs = 4, LongestSeconds = 8;
    private static readonly string[] FuseModes = ["answers", "endless", "slow", "read", "lookup", "silent"];
    private int _tenants;

    /// <summary>Tenants that could write what only the node may.</summary>
    public ConcurrentQueue<string> Escapes { get; } = [];

    /// <summary>Starts that the runtime refused, as LXCFS was away just then.</summary>
    public int Refused { get; private set; }

    public IReadOnlyList<Deed> Table =>
    [
        new("jail at /proc/sys", 2, random => LiveAsync(random, _ => Tenant.FileAt(node, "/proc/meminfo", "/data/jail/proc/sys"), "/attacks/chroot-jail", "/data/jail")),
        new("jail at /proc/kcore", 1, random => LiveAsync(random, _ => Tenant.FileAt(node, "/proc/meminfo", "/data/jail/proc/kcore"), "/attacks/chroot-jail", "/data/jail")),
        new("jail at /proc/meminfo", 1, random => LiveAsync(random, _ => Tenant.FileAt(node, "/proc/meminfo", "/data/jail/proc/meminfo"), "/attacks/chroot-jail", "/data/jail")),
        new("exchanged for links to /proc", 3, random => LiveAsync(random, Links("/proc", "sys"), "/attacks/exchange", $"{Pairs}", "/data/a", "/data/b")),
        new("exchanged for links to /dev", 3, random => LiveAsync(random, Links("/dev", "zero"), "/attacks/exchange", $"{Pairs}", "/data/a", "/data/b")),
        .. FuseModes.Select(mode => new Deed($"FUSE that is {mode}", 1, random => LiveAsync(
            random, _ => ["--device", "/dev/fuse", .. Tenant.AllFiles(node)], "/attacks/fuse", mode, "user", "/proc/meminfo", "/proc/stat"))),
        new("flood of mounts", 1, random => LiveAsync(random, _ => [.. Tenant.AllFiles(node), "--memory-limit", $"{1L << 30}"],
            "/attacks/as-user", "1000", "/attacks/mount-flood", "user", $"{random.Next(1_000, 20_000)}", "0", "/proc/meminfo")),
        new("flood of namespaces", 1, random => LiveAsync(random, _ => [.. Tenant.AllFiles(node), "--memory-limit", $"{1L << 30}"],
            "/attacks/as-user", "1000", "/attacks/mount-flood", "user", "0", $"{random.Next(100, 2_000)}", "/proc/meminfo")),
        new("flood of open files", 1, random => LiveAsync(random, _ => Tenant.AllFiles(node), "/attacks/open-files", $"{random.Next(1, 64)}", "1000", "/proc/stat")),
        new("flood of connections", 1, ConnectAsync),
        new("SIGSTOP to all", 1, random => LiveAsync(random, _ => Tenant.AllFiles(node), "/bin/sh", "-c", "/attacks/stop-all & while :; do cat /proc/meminfo; done >/dev/null 2>&1")),
        new("first thread that ends", 1, random => LiveAsync(random, _ => Tenant.AllFiles(node), "/attacks/first-thread-ends")),
        new("nested namespace", 1, random => LiveAsync(random, _ => Tenant.AllFiles(node), "/bin/sh", "-c", "/attacks/nested user & /attacks/nested user & wait")),
        new("process ids that come around", 2, random => LiveAsync(random, _ => Tenant.AllFiles(node), "/attacks/fork-storm", "4")),
        new("namespaces that come and go", 2, random => LiveAsync(random, _ => Tenant.AllFiles(node), "/bin/sh", "-c",
            "while :; do /attacks/nested user >/dev/null & p=$!; /bin/usleep 20000; kill -9 $p; wait $p; done")),
    ];

    /// <summary>Folders with a file of LXCFS in them, and links that they are exchanged for.</summary>
    private Func<Tenant, string[]> Links(string behind, string name) => tenant =>
    {
        for (var pair = 0; pair < Pairs; pair++)
            File.CreateSymbolicLink(Path.Combine(tenant.Volume, $"b{pair}"), behind);
        return [.. Enumerable.Range(0, Pairs).SelectMany(pair => Tenant.FileAt(node, "/proc/meminfo", $"/data/a{pair}/{name}"))];
    };

    private async Task LiveAsync(Random random, Func<Tenant, string[]> options, params string[] command)
    {
        var tenant = new Tenant(node, $"tenant-{Interlocked.Increment(ref _tenants)}");
        var seconds = 1 + LongestSeconds * random.NextDouble();
        try
        {
            await tenant.StartAsync(options(tenant), command);
        }
        catch (InvalidOperationException)
        {
            // As where a kubelet would try again.
            Refused++;
            await node.TryAsync("ctr", "task", "rm", "--force", tenant.Id);
            await node.TryAsync("ctr", "container", "rm", tenant.Id);
            await node.TryAsync("ctr", "snapshot", "rm", tenant.Id);
            return;
        }

        await Task.Delay(TimeSpan.FromSeconds(seconds));
        if (tenant.HasEscaped)
            Escapes.Enqueue($"{tenant.Id}: {string.Join(' ', command)}: {tenant.Log}");
        if (tenant.IsRunning)
            Libc.Signal(tenant.Pid, Libc.SigKill);
        await Eventually.TrueAsync(() => !tenant.IsRunning, () => $"{tenant.Id} can't be ended: {string.Join(' ', command)}");
        await tenant.RemoveAsync();
    }

    private async Task ConnectAsync(Random random)
    {
        List<Socket> idle = [];
        try
        {
            for (var connection = 0; connection < 100; connection++)
                idle.Add(await agent().Port.ConnectAsync(CancellationToken.None));
            await Task.Delay(TimeSpan.FromSeconds(LongestSeconds * random.NextDouble()));
        }
        catch (Exception refusal) when (refusal is SocketException or HttpRequestException)
        {
            // Between two lives of the agent nobody listens.
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }
}
