using System.Globalization;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>All that decides what one container sees.</summary>
/// <param name="Limits">Its own, or the pod's where it has none.</param>
/// <param name="View">The limits that LXCFS answers with.</param>
/// <param name="Variables">Of its environment; null for a value that comes from elsewhere.</param>
/// <param name="Missing">Why a file is the node's; none for a file that LXCFS answers.</param>
internal sealed record Surroundings(
    NodeShape Node, ResourceList Limits, ResourceList View, bool SharesProcesses, bool SharesHostProcesses,
    IReadOnlyDictionary<string, string?> Variables, Func<string, SightReason?> Missing)
{
    /// <summary>What it has of a variable; false where it has none.</summary>
    public bool TryGet(string variable, Measure measure, out decimal? value)
    {
        value = null;
        if (!Variables.TryGetValue(variable, out var text))
            return false;
        const string javaOption = "-XX:ActiveProcessorCount=";
        if (variable == "JAVA_TOOL_OPTIONS" && text is not null)
        {
            var at = text.LastIndexOf(javaOption, StringComparison.Ordinal);
            if (at < 0)
                return false;
            text = text[(at + javaOption.Length)..].Split(' ')[0];
        }

        value = measure == Measure.Memory ? BytesOf(text)
            : int.TryParse(text?.Split(',')[0], CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        return true;
    }

    /// <summary>As Go writes sizes: a quantity of Kubernetes with a B.</summary>
    private static decimal? BytesOf(string? text) =>
        text is not null && Quantity.TryParse(text.EndsWith('B') ? text.AsSpan(0, text.Length - 1) : text, out var bytes) ? bytes : null;

    public static Surroundings Of(Pod pod, Node tree, PodContainer target, NodeShape node, Func<Container, string, SightReason?> missing)
    {
        var limits = ResourceList.Effective(target.Container, pod.Spec?.Resources?.Limits);
        var shares = pod.Spec?.ShareProcessNamespace == true;
        return new(
            node, limits, shares ? SumOf(pod) : limits, shares, tree.At(["spec", "hostPID"]) is ScalarNode { Kind: ScalarKind.True },
            VariablesOf(tree.At(target.Pointer.Split('/')[1..]), limits), path => missing(target.Container, path));
    }

    /// <summary>A pod has a limit where each of its containers has one.</summary>
    private static ResourceList SumOf(Pod pod)
    {
        var ofPod = pod.Spec?.Resources?.Limits;
        var limits = PodContainers.All(pod).Where(item => item.IsLongRunning).Select(item => ResourceList.Effective(item.Container, ofPod)).ToArray();
        return new(
            ofPod?.Cpu ?? (limits.All(item => item.Cpu is not null) ? limits.Sum(item => item.Cpu) : null),
            ofPod?.Memory ?? (limits.All(item => item.Memory is not null) ? limits.Sum(item => item.Memory) : null), 0);
    }

    private static Dictionary<string, string?> VariablesOf(Node? container, ResourceList limits)
    {
        var variables = new Dictionary<string, string?>();
        foreach (var variable in container?.Find("env")?.AsList?.Items ?? [])
        {
            if (variable.Find("name")?.AsString is { } name)
                variables[name] = variable.Find("value")?.AsString ?? OfLimit(variable.At(["valueFrom", "resourceFieldRef"]), limits);
        }

        return variables;
    }

    /// <summary>What the downward API makes of the container's own limit; without one it is the node's, which nobody knows here.</summary>
    private static string? OfLimit(Node? reference, ResourceList limits) => reference?.AsMap is not { Members.Count: 1 } ? null
        : reference.Find("resource")?.AsString switch
        {
            "limits.cpu" when limits.Cpu is { } cpu => decimal.Ceiling(cpu).ToString(CultureInfo.InvariantCulture),
            "limits.memory" when limits.Memory is { } memory => decimal.Ceiling(memory).ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
}
