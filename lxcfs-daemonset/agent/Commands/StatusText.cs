using LxcfsAgent.Plan;

namespace LxcfsAgent.Commands;

/// <summary>What <c>lxcfs-agent status</c> says to people: tables in which everything that a tenant may have chosen is escaped.</summary>
internal static class StatusText
{
    public static void Write(NodeStatus status, TextWriter output)
    {
        output.WriteLine(status.Serving ? $"LXCFS answers at {status.Root}" : $"LXCFS does not answer at {status.Root}");
        if (status.Registered is { } registered)
            output.WriteLine(registered ? "The container runtime asks the agent about new containers" : "The container runtime does not know the agent: new containers get no files from it");
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
