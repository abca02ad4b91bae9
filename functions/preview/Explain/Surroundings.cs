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
    public bool TryGetCount(string variable, out int? count)
    {
        count = null;
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

        count = int.TryParse(text?.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        return true;
    }

    public static Surroundings Of(Pod pod, Node tree, PodContainer target, NodeShape node, Func<Container, string, SightReason?> missing)
    {
        var limits = EffectiveLimits(target.Container, pod);
        var shares = pod.Spec?.ShareProcessNamespace == true;
        return new(
            node, limits, shares ? SumOf(pod) : limits, shares, tree.At(["spec", "hostPID"]) is ScalarNode { Kind: ScalarKind.True },
            VariablesOf(tree.At(target.Pointer.Split('/')[1..])), path => missing(target.Container, path));
    }

    private static ResourceList EffectiveLimits(Container container, Pod pod)
    {
        var (own, ofPod) = (container.Resources?.Limits, pod.Spec?.Resources?.Limits);
        return new(own?.Cpu ?? ofPod?.Cpu, own?.Memory ?? ofPod?.Memory, 0);
    }

    /// <summary>A pod has a limit where each of its containers has one.</summary>
    private static ResourceList SumOf(Pod pod)
    {
        var limits = PodContainers.All(pod).Where(item => item.IsLongRunning).Select(item => EffectiveLimits(item.Container, pod)).ToArray();
        var ofPod = pod.Spec?.Resources?.Limits;
        return new(
            ofPod?.Cpu ?? (limits.All(item => item.Cpu is not null) ? limits.Sum(item => item.Cpu) : null),
            ofPod?.Memory ?? (limits.All(item => item.Memory is not null) ? limits.Sum(item => item.Memory) : null), 0);
    }

    private static Dictionary<string, string?> VariablesOf(Node? container)
    {
        var variables = new Dictionary<string, string?>();
        foreach (var variable in container?.Find("env")?.AsList?.Items ?? [])
        {
            if (variable.Find("name")?.AsString is { } name)
                variables[name] = variable.Find("value")?.AsString;
        }

        return variables;
    }
}
