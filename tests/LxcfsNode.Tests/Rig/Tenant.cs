namespace LxcfsNode.Tests.Rig;

/// <summary>
/// An ordinary container whose owner is an enemy: any program, the runtime's default capabilities and masked paths, and a volume at
/// /data. It has the programs of tests/LxcfsNode.Tests/attacks at /attacks.
/// </summary>
internal sealed class Tenant(Node node, string id) : Container(node, id)
{
    /// <summary>Its volume, as the node sees it.</summary>
    public string Volume { get; } = Directory.CreateDirectory(Path.Combine(node.Folder, "volumes", id)).FullName;

    /// <summary>Whether one of its programs could write the node's core_pattern; see attacks/watch.h.</summary>
    public bool HasEscaped => Log.Contains("ESCAPED", StringComparison.Ordinal);

    /// <summary>All that is mounted in it and is not LXCFS, for a process in it that has changed no root.</summary>
    public IReadOnlyList<string> OtherMounts => [.. Mount.Table(Witness).Where(mount => !mount.Contains("fuse.lxcfs", StringComparison.Ordinal))];

    /// <summary>Where a first process has changed its root, a child of it that has not.</summary>
    private int Witness => Processes.Children(Pid).Prepend(Pid).First(pid => Processes.Link(pid, "root") == "/");

    public static string[] AllFiles(Node node) => [.. AppContainer.Files(node)];

    /// <summary>One file of LXCFS at any place.</summary>
    public static string[] FileAt(Node node, string file, string target) =>
        ["--mount", $"type=bind,src={node.Root}{file},dst={target},options=rbind:rprivate:ro"];

    /// <param name="options">For ctr run.</param>
    public async Task<Tenant> StartAsync(IEnumerable<string> options, params string[] command)
    {
        await StartAsync(
            "busybox",
            [
                "--mount", $"type=bind,src={Path.GetDirectoryName(Artifacts.Require("attacks/fuse"))},dst=/attacks,options=rbind:ro",
                "--mount", $"type=bind,src={Volume},dst=/data,options=rbind:rw", .. options,
            ],
            command);
        return this;
    }

    /// <summary>Until one of its programs has printed this.</summary>
    public async Task<Tenant> SaysAsync(string word)
    {
        await Eventually.TrueAsync(() => Log.Contains(word, StringComparison.Ordinal), () => $"{Id} does not say {word}, but:\n{Log}");
        return this;
    }
}
