using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>Looks at every container of the node, and gives the stale ones the files that are served now.</summary>
internal sealed class Healer(NodeMounts mounts, string withdrawnFile, AgentMetrics metrics, ILogger logger)
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

    /// <summary>
    /// For when nobody is left to serve: takes ROOT away, so that new pods wait instead of failing, and LXCFS out of every
    /// container, so that they read the node's own files, which is less than what they had but more than errors.
    /// </summary>
    public void Withdraw()
    {
        var ours = mounts.All().Select(mount => mount.Device).ToHashSet();
        mounts.Unpublish();
        var containers = _scan.Run();
        var pass = Remounter.Withdraw(containers, new(live: null, ours));
        containers.ForEach(container => container.Dispose());
        if (pass.Stale == 0)
            return;
        Withdrawn.Write(withdrawnFile, [.. Withdrawn.Take(withdrawnFile), .. pass.Withdrawn]);
        Log.Withdrew(logger, pass.Mended, pass.Withdrawn.Count);
        foreach (var fault in pass.Faults)
            Log.Unmended(logger, fault);
    }

    /// <summary>Gives containers back what an agent took out of them when it was stopped.</summary>
    public void Restore(ServedFiles served)
    {
        var withdrawn = Withdrawn.Take(withdrawnFile)
            .Select(container => (Container: _scan.Find(container), container.Files))
            .Where(pair => pair.Container is not null).Select(pair => (pair.Container!, pair.Files)).ToList();
        var restored = Remounter.Restore(withdrawn, served);
        withdrawn.ForEach(pair => pair.Item1.Dispose());
        if (withdrawn.Count > 0)
            Log.Restored(logger, restored, withdrawn.Count);
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
