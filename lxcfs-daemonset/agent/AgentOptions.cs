using System.Globalization;
using System.Text;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent;

/// <summary>
/// The settings, each an environment variable. Every error is reported at once, with the variable's name and the fix.
/// </summary>
internal sealed record AgentOptions
{
    /// <summary>What the name of each variable begins with.</summary>
    public const string Prefix = "LXCFS_AGENT_";

    /// <summary>What the kernel takes of a socket's path (sun_path, with a zero at its end).</summary>
    private const int LongestSocket = 107;

    /// <summary><c>LXCFS_AGENT_ROOT</c>: where pods' volumes point; its parent must be shared with the node.</summary>
    public string Root { get; private init; } = LxcfsFile.DefaultRoot;

    /// <summary><c>LXCFS_AGENT_LISTEN</c>: ADDRESS:PORT for /metrics, <c>*</c> for all addresses.</summary>
    public string Listen { get; private init; } = "*:8081";

    /// <summary><c>LXCFS_AGENT_INSTANCE</c>: what stays when a container is restarted: the pod's uid. Defaults to the host name.</summary>
    public string Instance { get; private init; } = Environment.MachineName;

    /// <summary><c>LXCFS_AGENT_LXCFS</c>: the executable; its libraries lie in its folder.</summary>
    public string Lxcfs { get; private init; } = "/opt/lxcfs/lxcfs";

    /// <summary><c>LXCFS_AGENT_LXCFS_FILTER</c>: whether LXCFS runs behind a filter of system calls; a kernel may surprise it.</summary>
    public bool LxcfsFilter { get; private init; } = true;

    /// <summary><c>LXCFS_AGENT_SCAN_SECONDS</c>: how often containers are looked at when nothing happens; 1 to 3600.</summary>
    public TimeSpan Scan { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>LXCFS_AGENT_PROBE_SECONDS</c>: an LXCFS that owes an answer for longer and does nothing is replaced; 1 to 60.</summary>
    public TimeSpan Probe { get; private init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>LXCFS_AGENT_LABEL_NODE</c>: whether the node is labelled while the agent is ready.</summary>
    public bool LabelNode { get; private init; }

    /// <summary><c>LXCFS_AGENT_NODE</c>: the node's name, needed to label it.</summary>
    public string Node { get; private init; } = "";

    /// <summary><c>LXCFS_AGENT_NRI</c>: the socket of the container runtime's Node Resource Interface; without it the agent brings new containers nothing.</summary>
    public string Nri { get; private init; } = "";

    /// <summary>What the log says of these settings at the start.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>What the pod mounts of the node: the folder that ROOT is in.</summary>
    public string NodeFolder => Path.GetDirectoryName(Root)!;

    /// <summary>The folder that the agents of a node share.</summary>
    public string StateFolder => NodeFolder + "/.lxcfs-agent";

    /// <param name="settings">The environment's variables that begin with <see cref="Prefix"/>, without it; has the errors afterwards.</param>
    public static AgentOptions Read(SettingsReader settings)
    {
        var defaults = new AgentOptions();
        // Before 1.1 there was an executable for each version of control groups.
        var old = settings.Read("LXCFS_V1", "", "an absolute path", Absolute) is { Length: > 0 } v1 ? v1
            : settings.Read("LXCFS_V2", "", "an absolute path", Absolute);
        var filter = settings.ReadBool("LXCFS_FILTER", defaults.LxcfsFilter);
        var options = new AgentOptions
        {
            Root = settings.Read(
                "ROOT", defaults.Root, "an absolute path with a folder above it and no slash at its end, such as /var/lib/lxc/lxcfs", text => IsRoot(text) ? text : null),
            Listen = settings.Read(
                "LISTEN", defaults.Listen, "ADDRESS:PORT, such as *:8081 or 127.0.0.1:8081", text => SplitAddress(text) is null ? null : text),
            Instance = settings.Read(
                "INSTANCE", defaults.Instance, "at most 200 characters, such as the pod's uid", text => text.Length <= 200 ? text : null),
            Lxcfs = settings.Read("LXCFS", old.Length > 0 ? old : defaults.Lxcfs, "an absolute path", Absolute),
            LxcfsFilter = filter,
            Scan = TimeSpan.FromSeconds(settings.ReadNumber("SCAN_SECONDS", (int)defaults.Scan.TotalSeconds, 1, 3600)),
            Probe = TimeSpan.FromSeconds(settings.ReadNumber("PROBE_SECONDS", (int)defaults.Probe.TotalSeconds, 1, 60)),
            LabelNode = settings.ReadBool("LABEL_NODE", defaults.LabelNode),
            Node = settings.Read("NODE", "", "the node's name", text => text),
            Nri = settings.Read("NRI", "", $"an absolute path of at most {LongestSocket} bytes, such as /var/run/nri/nri.sock", Socket),
            Warnings =
            [
                .. old.Length == 0 ? (string[])[] : [$"{Prefix}LXCFS_V1 and {Prefix}LXCFS_V2 are old: one LXCFS serves both versions of control groups; set {Prefix}LXCFS"],
                .. filter ? (string[])[] : [$"LXCFS runs without its filter of system calls, since {Prefix}LXCFS_FILTER=false: a hole in LXCFS would be worth more"],
            ],
        };
        if (options is { LabelNode: true, Node: "" })
            settings.AddError("NODE", $"is needed with {Prefix}LABEL_NODE=true; set it to the node's name (fieldRef: spec.nodeName)");
        return options;
    }

    /// <summary>The address and the port; null for anything else.</summary>
    public static (string Address, int Port)? SplitAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            && (text[..colon] == "*" || System.Net.IPAddress.TryParse(text[..colon].Trim('[', ']'), out _))
            ? (text[..colon].Trim('[', ']'), port)
            : null;
    }

    private static string? Socket(string text) => Encoding.UTF8.GetByteCount(text) <= LongestSocket ? Absolute(text) : null;

    private static string? Absolute(string text) => Path.IsPathRooted(text) ? text : null;

    private static bool IsRoot(string path) =>
        Path.IsPathRooted(path) && Path.GetFullPath(path) == path && !path.EndsWith('/') && Path.GetDirectoryName(path) is { Length: > 1 };
}
