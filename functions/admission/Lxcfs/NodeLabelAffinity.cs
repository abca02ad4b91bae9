using System.Globalization;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Binds a pod to nodes that are labelled <c>true</c>, in addition to what the pod itself asks of a node.</summary>
internal static class NodeLabelAffinity
{
    private const string Required = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    private static readonly byte[] Ready = ExpressionOf(LxcfsNames.Ready);
    private static readonly byte[] Delivers = ExpressionOf(LxcfsNames.Delivers);

    private static readonly byte[] Terms = [.. """{"nodeSelectorTerms":[{"matchExpressions":[]}]}"""u8];

    public static bool IsMissing(PodSpec? spec, IReadOnlyList<string> labels)
    {
        if (labels.Count == 0 || spec is null || NamesItsNode(spec))
            return false;
        return spec.Affinity?.NodeAffinity?.Required is not { } required
            || (required.NodeSelectorTerms ?? []).Exists(term => term is { IsEmpty: false } && labels.Any(label => !Asks(term, label)));
    }

    public static void Add(JsonPatch patch, PodSpec spec, IReadOnlyList<string> labels)
    {
        if (labels.Count == 0 || NamesItsNode(spec))
            return;
        if (spec.Affinity?.NodeAffinity?.Required is { } required)
        {
            AddToTerms(patch, required.NodeSelectorTerms ?? [], labels);
            return;
        }

        if (spec.Affinity is null)
            patch.Add("/spec/affinity", JsonPatch.EmptyObject);
        if (spec.Affinity?.NodeAffinity is null)
            patch.Add("/spec/affinity/nodeAffinity", JsonPatch.EmptyObject);
        patch.Add(Required, Terms);
        foreach (var label in labels)
            patch.Add($"{Required}/nodeSelectorTerms/0/matchExpressions/-", Expression(label));
    }

    // One fitting term is enough for a scheduler, so every one needs the expressions; an empty one fits no node and must stay so.
    private static void AddToTerms(JsonPatch patch, List<NodeSelectorTerm?> terms, IReadOnlyList<string> labels)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i] is not { IsEmpty: false } term)
                continue;
            byte[][] missing = [.. labels.Where(label => !Asks(term, label)).Select(Expression)];
            if (missing.Length == 0)
                continue;
            var path = string.Create(CultureInfo.InvariantCulture, $"{Required}/nodeSelectorTerms/{i}/matchExpressions");
            patch.Append(path, term.MatchExpressions is not null, missing);
        }
    }

    /// <summary>No scheduler looks at a pod that names its node, but the kubelet there would refuse it for the affinity.</summary>
    private static bool NamesItsNode(PodSpec spec) => spec.NodeName is { Length: > 0 };

    private static bool Asks(NodeSelectorTerm term, string label) => (term.MatchExpressions ?? []).Exists(item => item?.Key == label);

    private static byte[] Expression(string label) => label == LxcfsNames.Ready ? Ready : Delivers;

    private static byte[] ExpressionOf(string label) =>
        [.. """{"key":"""u8, .. JsonPatch.Text(label), .. ""","operator":"In","values":["true"]}"""u8];
}
