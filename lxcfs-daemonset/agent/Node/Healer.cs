using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>Looks at every container of the node, and gives the stale ones the files that are served now.</summary>
internal sealed class Healer(NodeMounts mounts, Withdrawn withdrawn, AgentMetrics metrics, ILogger logger)
{
    /// <summary>How often to look in one turn while containers change under the agent's hands.</summary>
    private const int Looks = 4;

    private readonly Scan _scan = new();

    /// <param name="earlier">Device numbers of ours that were seen before ROOT changed hands, in this turn alone.</param>
    /// <param name="patience">How long to wait for the readers of each container.</param>
    public void Heal(ServedFiles served, IReadOnlyCollection<string> earlier, TimeSpan patience)
    {
        for (var look = 0; look < Looks && !IsMended(served, earlier, patience); look++)
        {
            // A container that is being created has its files elsewhere once it has changed to its own root.
        }
    }

    private bool IsMended(ServedFiles served, IReadOnlyCollection<string> earlier, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        using var containers = _scan.Run();
        var ours = mounts.All().Select(mount => mount.Device).Concat(earlier).Where(device => device != served.Device).ToHashSet();
        var stale = new Devices(served.Device, ours).Find(containers.All, FileState.Stale);
        metrics.Scans.Add(1);
        metrics.ScanSeconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        metrics.Containers.Set(containers.All.Count);
        if (stale.Count == 0)
            return true;
        started = Stopwatch.GetTimestamp();
        var pass = Remounter.Mend(stale, served, patience);
        Report(pass, stale.Count, Stopwatch.GetElapsedTime(started));
        return pass.Done == pass.Found;
    }

    /// <summary>
    /// For when nobody is left to serve: takes ROOT away, so that new pods wait instead of failing, and LXCFS out of every
    /// container, so that they read the node's own files, which is less than what they had but more than errors.
    /// </summary>
    /// <param name="patience">How long to wait for the readers of each container.</param>
    public void Withdraw(TimeSpan patience)
    {
        var ours = mounts.All().Select(mount => mount.Device).ToHashSet();
        mounts.Unpublish();
        using var containers = _scan.Run();
        var findings = new Devices(live: null, ours).Find(containers.All, FileState.Healthy, FileState.Stale);
        if (findings.Count == 0)
            return;
        withdrawn.Write([.. withdrawn.Read(), .. findings.Select(Withdrawal.Record)]);
        var pass = Withdrawal.Take(findings, patience);
        Log.Withdrew(logger, pass.Done, findings.Count);
        foreach (var fault in pass.Faults)
            Log.Unmended(logger, fault);
    }

    /// <summary>Gives containers back what an agent took out of them when it was stopped.</summary>
    public void Restore(ServedFiles served)
    {
        var records = withdrawn.Read();
        if (records.Count == 0)
            return;
        var found = records.Select(record => (Container: _scan.Find(record), Record: record)).Where(pair => pair.Container is not null)
            .Select(pair => (pair.Container!, pair.Record)).ToList();
        using var containers = new ContainerSet([.. found.Select(pair => pair.Item1)]);
        var left = Withdrawal.GiveBack(found, served);
        withdrawn.Write(left);
        Log.Restored(logger, found.Sum(pair => pair.Record.Files.Count) - left.Sum(record => record.Files.Count), found.Count);
    }

    /// <summary>Whether any container, or ROOT, still uses the mount with this device number.</summary>
    public bool IsInUse(string device)
    {
        using var containers = _scan.Run();
        return containers.All.Any(container => container.Seen.Any(mount => mount.IsLxcfs && mount.Device == device && mount.Root != "/"))
            || NodeMounts.DeviceAt(mounts.Root) == device;
    }

    private void Report(Pass pass, int containers, TimeSpan took)
    {
        metrics.RepairPasses.Add(1);
        metrics.RepairSeconds.Add(took.TotalSeconds);
        metrics.Stale.Add(pass.Found);
        metrics.Repairs.Add(pass.Done);
        metrics.Faults.Add(pass.Faults.Count);
        Log.Mended(logger, pass.Done, pass.Found, containers, (long)took.TotalMilliseconds);
        foreach (var fault in pass.Faults)
            Log.Unmended(logger, fault);
    }
}
