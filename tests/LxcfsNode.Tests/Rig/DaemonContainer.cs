namespace LxcfsNode.Tests.Rig;

/// <summary>
/// A container that runs LXCFS for a node: privileged, in the node's pid and cgroup namespaces, its parent directory shared both ways.
/// </summary>
internal abstract class DaemonContainer(Node node, string id) : Container(node, id)
{
    /// <summary>Without it the container is not as the DaemonSet has it: it has a pid namespace of its own.</summary>
    public bool HostPid { get; init; } = true;

    /// <summary>In MiB; that of other containers where it is not given. The DaemonSet's is 128.</summary>
    public int Memory { get; init; } = MemoryKilobytes / 1024;

    /// <summary>Further options for ctr run.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    protected Task RunAsync(string image, IEnumerable<(string Key, string Value)> environment, params string[] command) => StartAsync(
        image,
        [
            "--memory-limit", $"{(long)Memory << 20}",
            "--privileged", "--with-ns", "cgroup:/proc/1/ns/cgroup", .. (string[])(HostPid ? ["--with-ns", "pid:/proc/1/ns/pid"] : []),
            "--rootfs-propagation", "rshared",
            "--mount", $"type=bind,src={Node.Parent},dst=/var/lib/lxc,options=rbind:rshared:rw",
            "--mount", "type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=nosuid:noexec:nodev:rw",
            .. environment.SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" }),
            .. Options,
        ],
        command);
}
