namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// Nodes on which a pod with the files could not start: Windows, and those that have no DaemonSet. They are known by what
/// sends a pod there, never by a toleration, which lets it run on either kind. Of several node selector terms one is enough,
/// since a hostPath on a node without LXCFS would keep the pod from starting.
/// </summary>
internal static class NodeKinds
{
    /// <summary>The only field that a node selector term can name.</summary>
    private const string NodeName = "metadata.name";

    private static readonly string[] OsLabels = [NodeSelector.OsLabel, NodeSelector.BetaOsLabel];

    /// <summary>Labels of nodes: Azure's virtual nodes and Alibaba's (virtual-kubelet), EKS Fargate.</summary>
    private static readonly (string Key, string Value)[] VirtualNodes =
        [(NodeSelector.TypeLabel, "virtual-kubelet"), (NodeSelector.ComputeTypeLabel, "fargate")];

    /// <summary>How those nodes are called, where a pod names its own.</summary>
    private static readonly string[] VirtualNames = ["virtual-kubelet", "virtual-node-aci", "fargate-"];

    public static bool IsWindows(Pod pod)
    {
        if (pod.Spec is not { } spec)
            return false;
        if (spec.Os?.Name is { } name)
            return name == "windows";
        return spec.NodeSelector is { Os: "windows" } or { BetaOs: "windows" } or { WindowsBuild: not null }
            || RequiredLabels(spec).Any(IsOfWindows)
            || IsOfWindows(spec.SecurityContext?.WindowsOptions)
            || PodContainers.All(pod).Exists(item => IsOfWindows(item.Container.SecurityContext?.WindowsOptions));
    }

    public static bool IsVirtual(Pod pod) =>
        // The platforms' own webhooks and schedulers set these.
        pod.Metadata?.Labels is { FargateProfile: not null } or { Eci: "true" }
        || (pod.Spec is { } spec && (spec.SchedulerName == "fargate-scheduler"
            || spec.NodeSelector is { Type: "virtual-kubelet" } or { ComputeType: "fargate" }
            || VirtualNodes.Any(label => RequiredLabels(spec).Any(expression => IsOnly(expression, label.Key, label.Value)))
            || (spec.NodeName is { } node && IsVirtualName(node))
            || RequiredFields(spec).Any(expression => expression is { Key: NodeName, Operator: "In", Values: [{ } only] } && IsVirtualName(only))));

    /// <summary>An empty one is what a chart renders for any system.</summary>
    private static bool IsOfWindows(WindowsOptions? options) =>
        options is { RunAsUserName: not null } or { GmsaCredentialSpecName: not null } or { GmsaCredentialSpec: not null } or { HostProcess: true };

    private static bool IsOfWindows(NodeSelectorRequirement expression) => expression switch
    {
        { Key: NodeSelector.WindowsBuildLabel } => expression.Operator is not ("NotIn" or "DoesNotExist"),
        // The kubelet runs on these two alone.
        { Key: NodeSelector.OsLabel or NodeSelector.BetaOsLabel, Operator: "NotIn" } => expression.Values?.Contains("linux") == true,
        _ => OsLabels.Any(label => IsOnly(expression, label, "windows")),
    };

    private static bool IsOnly(NodeSelectorRequirement expression, string key, string value) =>
        expression is { Operator: "In", Values: [var only] } && expression.Key == key && only == value;

    private static bool IsVirtualName(string node) => VirtualNames.Any(name => node.StartsWith(name, StringComparison.Ordinal));

    private static IEnumerable<NodeSelectorRequirement> RequiredLabels(PodSpec spec) => Terms(spec).SelectMany(term => term.MatchExpressions ?? []).OfType<NodeSelectorRequirement>();

    private static IEnumerable<NodeSelectorRequirement> RequiredFields(PodSpec spec) => Terms(spec).SelectMany(term => term.MatchFields ?? []).OfType<NodeSelectorRequirement>();

    private static IEnumerable<NodeSelectorTerm> Terms(PodSpec spec) => spec.Affinity?.NodeAffinity?.Required?.NodeSelectorTerms?.OfType<NodeSelectorTerm>() ?? [];
}
