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
            StatusText.Write(status, output);
        return status.Serving && status.Containers.All(container => container.State != FileState.Stale) ? 0 : 1;
    }
}
