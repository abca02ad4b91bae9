namespace LxcfsFunctions.Lxcfs;

/// <summary>Who brings the files into a pod's containers.</summary>
internal enum Delivery
{
    /// <summary>The kubelet, by volumes and mounts in the pod's spec.</summary>
    HostPath,

    /// <summary>The node's agent, when the runtime creates a container; the spec has an annotation and nothing else.</summary>
    Node,
}

/// <summary>The setting <c>Lxcfs__Delivery</c>.</summary>
internal sealed record DeliverySetting(string Name)
{
    /// <summary>hostPath for all; pods that can't have it are left alone.</summary>
    public static readonly DeliverySetting HostPath = new("hostPath");

    /// <summary>The node where a pod can't have hostPath, hostPath for the others.</summary>
    public static readonly DeliverySetting Auto = new("auto");

    /// <summary>The node for all.</summary>
    public static readonly DeliverySetting Node = new("node");

    private static readonly DeliverySetting[] All = [HostPath, Auto, Node];

    public static string Names { get; } = string.Join(", ", All.Select(setting => setting.Name));

    /// <summary>Whether any pod may be left to its node.</summary>
    public bool HasNode => this != HostPath;

    /// <returns>Null where there is none of this name.</returns>
    public static DeliverySetting? Find(string name) => All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
