using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>Looks at every container of the node, and gives the stale ones the files that are served now.</summary>
internal sealed class Healer(NodeMounts mounts, AgentMetrics metrics, ILogger logger)
{
    private readonly Scan _scan = new();

    /// <param name="earlier">Device numbers of ours that were seen before ROOT changed hands, in this pass alone.</param>
    public void Heal(ServedFiles served, IEnumerable<string> earlier)
    {
        var started = Stopwatch.GetTimestamp();
        var containers = _scan.Run();
        try
        {
            var looked = Stopwatch.GetElapsedTime(started);
            var ours = mounts.All().Select(mount => mount.Device).Concat(earlier).Where(device => device != served.Device).ToHashSet();
            var pass = Remounter.Mend(containers, served, new(served.Device, ours));
            Report(pass, looked, Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            containers.ForEach(container => container.Dispose());
        }
    }

    /// <summary>Whether any container, or ROOT, still uses the mount with this device number.</summary>
    public bool IsInUse(string device)
    {
        var containers = _scan.Run();
        var used = containers.Exists(container => container.Mounts.Any(mount => mount.IsLxcfs && mount.Device == device && mount.Root != "/"));
        containers.ForEach(container => container.Dispose());
        return used || NodeMounts.DeviceAt(mounts.Root) == device;
    }

    private void Report(Pass pass, TimeSpan looked, TimeSpan all)
    {
        metrics.Scans.Add(1);
        metrics.ScanSeconds.Add(looked.TotalSeconds);
        metrics.Containers.Set(pass.Containers);
        if (pass.Stale == 0)
            return;
        metrics.RepairPasses.Add(1);
        metrics.RepairSeconds.Add((all - looked).TotalSeconds);
        metrics.Stale.Add(pass.Stale);
        metrics.Repairs.Add(pass.Mended);
        metrics.Faults.Add(pass.Faults.Count);
        Log.Mended(logger, pass.Mended, pass.Stale, pass.Containers, (long)all.TotalMilliseconds);
        foreach (var fault in pass.Faults)
            Log.Unmended(logger, fault);
    }
}
