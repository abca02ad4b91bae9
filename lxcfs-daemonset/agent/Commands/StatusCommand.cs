using System.Text.Json;
using System.Text.Json.Serialization;
using LxcfsAgent.Containers;

namespace LxcfsAgent.Commands;

/// <summary>One container, as <c>lxcfs-agent status --json</c> prints it.</summary>
/// <param name="MountNamespace">The number of its mount namespace.</param>
/// <param name="Pid">A process in it, by its number on the node.</param>
/// <param name="Cgroup">The process's control group, which names the pod and the container.</param>
/// <param name="State">The worst state among its files: healthy, foreign, conflicting or stale.</param>
internal sealed record ContainerStatus(string MountNamespace, int Pid, string Cgroup, FileState State, IReadOnlyList<FileStatus> Files);

/// <summary>One file of a container.</summary>
internal sealed record FileStatus(string Path, FileState State);

/// <summary>The whole of what <c>lxcfs-agent status --json</c> prints.</summary>
/// <param name="Serving">Whether LXCFS answers at ROOT.</param>
internal sealed record NodeStatus(string Root, bool Serving, IReadOnlyList<ContainerStatus> Containers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class StatusJsonContext : JsonSerializerContext;

/// <summary><c>lxcfs-agent status</c>: every container that LXCFS is mounted in, and how it fares; changes nothing.</summary>
internal static class StatusCommand
{
    /// <returns>0 when LXCFS is served and no file is stale, else 1.</returns>
    public static int Run(AgentOptions options, bool json, TextWriter output)
    {
        using var node = Looking.At(options);
        var status = new NodeStatus(
            options.Root, node.Live is not null, [.. node.Containers.Select(container => Of(container, node.Devices)).Where(status => status.Files.Count > 0)]);
        if (json)
            output.WriteLine(JsonSerializer.Serialize(status, StatusJsonContext.Default.NodeStatus));
        else
            WriteTable(status, output);
        return status.Serving && status.Containers.All(container => container.State != FileState.Stale) ? 0 : 1;
    }

    private static ContainerStatus Of(Container container, Devices devices)
    {
        var files = devices.FilesOf(container);
        return new(
            container.Id,
            container.Pid,
            container.Cgroup,
            Worst(files),
            [.. files.Select(file => new FileStatus(file.Target, file.State))]);
    }

    private static FileState Worst(IReadOnlyList<ViewedFile> files) =>
        new[] { FileState.Stale, FileState.Conflicting, FileState.Foreign }.FirstOrDefault(state => files.Any(file => file.State == state));

    private static void WriteTable(NodeStatus status, TextWriter output)
    {
        output.WriteLine(status.Serving ? $"LXCFS answers at {status.Root}" : $"LXCFS does not answer at {status.Root}");
        List<string[]> rows = [["NAMESPACE", "PID", "STATE", "FILES", "CGROUP"]];
        rows.AddRange(status.Containers.Select(container => (string[])
        [
            container.MountNamespace, $"{container.Pid}", $"{container.State}",
            $"{container.Files.Count(file => file.State == FileState.Healthy)}/{container.Files.Count}", container.Cgroup,
        ]));
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
