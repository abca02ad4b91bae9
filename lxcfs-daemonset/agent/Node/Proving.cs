using System.Diagnostics;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Node;

/// <summary>Waits until an LXCFS that was just started answers right values: that something is mounted proves nothing.</summary>
internal sealed class Proving(CgroupMode mode, TimeSpan patience, AgentState state)
{
    /// <summary>How long an LXCFS may take to come to right values.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    /// <returns>What is wrong and how to cure it; null when it answers right.</returns>
    public string? Await(LxcfsProcess lxcfs, CancellationToken stop)
    {
        var limit = MemoryLimit.OfSelf(mode);
        var node = ViewProof.Total(File.ReadAllText("/proc/meminfo")) ?? 0;
        var started = Stopwatch.GetTimestamp();
        string? fault = null;
        while (Stopwatch.GetElapsedTime(started) < Longest && !stop.IsCancellationRequested)
        {
            state.Beat();
            if (lxcfs.Exited.Wait(Look, CancellationToken.None))
                return "LXCFS ended while it started; what it said is above";
            if (NodeMounts.DeviceAt(lxcfs.MountPoint) is null || Read("/proc/meminfo") is not { } meminfo)
                continue;
            fault = ViewProof.FaultOf(limit, node, meminfo, Read("/proc/cpuinfo") ?? "", Read("/proc/uptime") ?? "");
            if (fault is null)
                return null;
            stop.WaitHandle.WaitOne(Again);
        }

        return fault ?? $"LXCFS did not mount {lxcfs.MountPoint} within {Longest.TotalSeconds} s";

        string? Read(string file) => FuseRead.Try(lxcfs.MountPoint + file, patience, out var text) == FuseAnswer.Data ? text : null;
    }
}
