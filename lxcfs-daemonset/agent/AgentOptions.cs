using System.Globalization;

namespace LxcfsAgent;

/// <summary>
/// The settings, each an environment variable. Every mistake is reported at once, with the variable's name and the cure.
/// </summary>
internal sealed record AgentOptions
{
    private const string Prefix = "LXCFS_AGENT_";

    /// <summary><c>LXCFS_AGENT_ROOT</c>: where pods' volumes point; its parent must be shared with the node.</summary>
    public string Root { get; private init; } = LxcfsFunctions.Lxcfs.LxcfsFile.DefaultRoot;

    /// <summary><c>LXCFS_AGENT_LISTEN</c>: ADDRESS:PORT for /metrics, <c>*</c> for all addresses.</summary>
    public string Listen { get; private init; } = "*:8081";

    /// <summary><c>LXCFS_AGENT_INSTANCE</c>: what stays when a container is restarted: the pod's uid. Defaults to the host name.</summary>
    public string Instance { get; private init; } = Environment.MachineName;

    /// <summary><c>LXCFS_AGENT_LXCFS_V1</c>: the LXCFS for cgroup v1 and hybrid; the libraries lie in its folder.</summary>
    public string LxcfsV1 { get; private init; } = "/opt/lxcfs/v1/lxcfs";

    /// <summary><c>LXCFS_AGENT_LXCFS_V2</c>: the LXCFS for cgroup v2.</summary>
    public string LxcfsV2 { get; private init; } = "/opt/lxcfs/v2/lxcfs";

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

    /// <summary>What the pod mounts of the node: the folder that ROOT is in.</summary>
    public string NodeFolder => Path.GetDirectoryName(Root)!;

    /// <summary>The folder that the agents of a node share.</summary>
    public string StateFolder => NodeFolder + "/.lxcfs-agent";

    public static AgentOptions Read(Func<string, string?> variable, ICollection<string> mistakes)
    {
        var defaults = new AgentOptions();
        var read = new Variables(variable, mistakes);
        var options = new AgentOptions
        {
            Root = read.Text("ROOT", defaults.Root, IsRoot, "an absolute path with a folder above it and no slash at its end, such as /var/lib/lxc/lxcfs"),
            Listen = read.Text("LISTEN", defaults.Listen, IsAddress, "ADDRESS:PORT, such as *:8081 or 127.0.0.1:8081"),
            Instance = read.Text("INSTANCE", defaults.Instance, text => text.Length <= 200, "at most 200 characters, such as the pod's uid"),
            LxcfsV1 = read.Text("LXCFS_V1", defaults.LxcfsV1, Path.IsPathRooted, "an absolute path"),
            LxcfsV2 = read.Text("LXCFS_V2", defaults.LxcfsV2, Path.IsPathRooted, "an absolute path"),
            LxcfsFilter = bool.Parse(read.Text("LXCFS_FILTER", "true", text => bool.TryParse(text, out _), "true or false")),
            Scan = read.Seconds("SCAN_SECONDS", defaults.Scan, 3600),
            Probe = read.Seconds("PROBE_SECONDS", defaults.Probe, 60),
            LabelNode = bool.Parse(read.Text("LABEL_NODE", "false", text => bool.TryParse(text, out _), "true or false")),
            Node = read.Text("NODE", "", _ => true, ""),
        };
        if (options is { LabelNode: true, Node: "" })
            mistakes.Add($"{Prefix}NODE: is needed with {Prefix}LABEL_NODE=true; set it to the node's name (fieldRef: spec.nodeName)");
        return options;
    }

    private static bool IsRoot(string path) =>
        Path.IsPathRooted(path) && Path.GetFullPath(path) == path && !path.EndsWith('/') && Path.GetDirectoryName(path) is { Length: > 1 };

    private static bool IsAddress(string text) => SplitAddress(text) is not null;

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

    /// <summary>Takes each setting from its variable, or its default, and notes what can't be used.</summary>
    private sealed class Variables(Func<string, string?> variable, ICollection<string> mistakes)
    {
        public string Text(string name, string fallback, Predicate<string> fits, string expected)
        {
            if (variable(Prefix + name)?.Trim() is not { Length: > 0 } text)
                return fallback;
            if (fits(text))
                return text;
            mistakes.Add($"{Prefix}{name}: '{text}' can't be used; set {expected}");
            return fallback;
        }

        public TimeSpan Seconds(string name, TimeSpan fallback, int most)
        {
            var text = Text(name, "", text => Parse(text) is { } seconds && seconds >= 1 && seconds <= most, $"whole seconds, 1 to {most}");
            return Parse(text) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;
        }

        private static int? Parse(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
    }
}
