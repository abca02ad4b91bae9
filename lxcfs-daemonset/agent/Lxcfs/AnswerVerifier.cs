using System.Globalization;
using LxcfsAgent.Init;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>
/// Judges what a mount of LXCFS answers. To be mounted proves nothing: in a control group namespace of its own, or with the
/// wrong version for the node, LXCFS serves the node's values without a word. Pure.
/// </summary>
internal static class AnswerVerifier
{
    /// <summary>Whether this process, or init above it, is the first of its process namespace, and so not in the node's.</summary>
    private static bool IsFirst =>
        Environment.ProcessId == 1
        || (Environment.GetEnvironmentVariable(LxcfsOutput.Variable) is not null && ProcessStat.Parse(File.ReadAllText("/proc/self/stat")).Parent == 1);

    /// <summary>Judges answers by what the kernel holds this process to: a worker that asks is held to the same.</summary>
    public static Func<string, string, string, string?> ForSelf() => (meminfo, cpuinfo, uptime) =>
        // Its own values would be right nonetheless, as LXCFS is in the same namespace.
        IsFirst
            ? "LXCFS can't tell the containers' processes apart; the agent's container must share the node's process namespace (hostPID: true)"
            : ErrorOf(MemoryLimit.OfSelf(), Total(File.ReadAllText("/proc/meminfo")) ?? 0, meminfo, cpuinfo, uptime);

    /// <summary>What is wrong with the answers, and how to fix it; null when they are right.</summary>
    /// <param name="limit">Bytes that this process is held to, null for no limit.</param>
    /// <param name="nodeMemory">The kernel's MemTotal in kB.</param>
    /// <param name="meminfo">What LXCFS answers for /proc/meminfo.</param>
    /// <param name="cpuinfo">What it answers for /proc/cpuinfo.</param>
    /// <param name="uptime">What it answers for /proc/uptime.</param>
    public static string? ErrorOf(long? limit, long nodeMemory, string meminfo, string cpuinfo, string uptime)
    {
        var expected = limit is { } bytes && bytes / 1024 < nodeMemory ? bytes / 1024 : nodeMemory;
        if (Total(meminfo) is not { } total)
            return "LXCFS answers no MemTotal";
        if (total != expected)
        {
            return $"LXCFS answers MemTotal {total} kB where this process is limited to {expected} kB; the agent's container must "
                + "share the node's process and control group namespaces (hostPID: true, privileged: true)";
        }

        if (!cpuinfo.Contains("processor", StringComparison.Ordinal))
            return "LXCFS answers no processor; the agent's container must share the node's process namespace (hostPID: true)";
        return Seconds(uptime) is >= 0 and < 1e10
            ? null
            : $"LXCFS answers uptime '{uptime.Trim()}'; the agent's container must share the node's process namespace (hostPID: true)";
    }

    /// <summary>kB; null where the text has none.</summary>
    public static long? Total(string meminfo)
    {
        var words = meminfo.Split('\n').FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var number, ..] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : null;
    }

    private static double Seconds(string uptime) =>
        double.TryParse(uptime.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : -1;
}
