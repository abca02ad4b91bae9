namespace LxcfsNode.Tests.Rig;

/// <summary>
/// A container that runs LXCFS for a node: privileged, in the node's pid and cgroup namespaces, its parent directory shared both ways.
/// </summary>
internal abstract class DaemonContainer(Node node, string id) : Container(node, id)
{
    protected Task RunAsync(string image, IEnumerable<(string Key, string Value)> environment, params string[] command) => StartAsync(
        image,
        [
            "--privileged", "--with-ns", "pid:/proc/1/ns/pid", "--with-ns", "cgroup:/proc/1/ns/cgroup",
            "--rootfs-propagation", "rshared",
            "--mount", $"type=bind,src={Node.Parent},dst=/var/lib/lxc,options=rbind:rshared:rw",
            "--mount", "type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=nosuid:noexec:nodev:rw",
            .. environment.SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" }),
        ],
        command);
}
