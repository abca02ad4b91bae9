using System.Text.Json;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Commands;

/// <summary><c>lxcfs-agent status</c>: every container that LXCFS is mounted in, and how it fares; changes nothing.</summary>
internal static class StatusCommand
{
    /// <returns>0 when LXCFS is served and no file is stale, else 1.</returns>
    public static int Run(AgentOptions options, bool json, TextWriter output)
    {
        using var node = NodeLook.At(options);
        var status = StatusReport.Of(options.Root, node.Live is not null, node.Scan, node.Judge, AgentMemory.Read());
        if (json)
            output.WriteLine(JsonSerializer.Serialize(status, StatusJsonContext.Default.NodeStatus));
        else
            WriteTables(status, output);
        return status.Serving && status.Containers.All(container => container.State != FileState.Stale) ? 0 : 1;
    }

    private static void WriteTables(NodeStatus status, TextWriter output)
    {
        output.WriteLine(status.Serving ? $"LXCFS answers at {status.Root}" : $"LXCFS does not answer at {status.Root}");
        WriteTable(output, ["NAMESPACE", "PID", "STATE", "FILES", "CGROUP"], status.Containers.Select(container => (string[])
        [
            container.MountNamespace, $"{container.Pid}", $"{container.State}",
            $"{container.Files.Count(file => file.State == FileState.Healthy)}/{container.Files.Count}", container.Cgroup,
        ]));
        if (status.LeftAlone.Count == 0)
            return;
        output.WriteLine();
        WriteTable(output, ["LEFT ALONE", "NAMESPACE", "PID", "COUNT", "DETAIL"], status.LeftAlone.Select(left => (string[])
            [$"{left.Code}", left.MountNamespace ?? "-", left.Pid is { } pid ? $"{pid}" : "-", $"{left.Count}", left.Detail]));
    }

    private static void WriteTable(TextWriter output, string[] head, IEnumerable<string[]> rows)
    {
        List<string[]> all = [head, .. rows.Select(row => row.Select(TenantText.Escape).ToArray())];
        var widths = Enumerable.Range(0, head.Length).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
