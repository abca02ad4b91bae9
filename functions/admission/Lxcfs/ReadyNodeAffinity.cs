using System.Globalization;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Binds a pod to nodes whose LXCFS answers, in addition to what the pod itself asks of a node.</summary>
internal static class ReadyNodeAffinity
{
    private const string Required = "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    private static readonly byte[] Expression =
        [.. """{"key":"lxcfs-admission-webhook.raids-lab.github.io/ready","operator":"In","values":["true"]}"""u8];

    private static readonly byte[] Terms = [.. """{"nodeSelectorTerms":[{"matchExpressions":[]}]}"""u8];

    public static void Add(JsonPatch patch, PodSpec spec)
    {
        // No scheduler looks at a pod that names its node, but the kubelet there would refuse it for the affinity.
        if (spec.NodeName is { Length: > 0 })
            return;
        if (spec.Affinity?.NodeAffinity?.Required is { } required)
        {
            AddToTerms(patch, required.NodeSelectorTerms ?? []);
            return;
        }

        if (spec.Affinity is null)
            patch.Add("/spec/affinity", JsonPatch.EmptyObject);
        if (spec.Affinity?.NodeAffinity is null)
            patch.Add("/spec/affinity/nodeAffinity", JsonPatch.EmptyObject);
        patch.Add(Required, Terms);
        patch.Add($"{Required}/nodeSelectorTerms/0/matchExpressions/-", Expression);
    }

    // One fitting term is enough for a scheduler, so every one needs the expression; an empty one fits no node and must stay so.
    private static void AddToTerms(JsonPatch patch, List<NodeSelectorTerm?> terms)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i] is not { IsEmpty: false } term || (term.MatchExpressions ?? []).Exists(item => item?.Key == LxcfsNames.Ready))
                continue;
            var path = string.Create(CultureInfo.InvariantCulture, $"{Required}/nodeSelectorTerms/{i}/matchExpressions");
            patch.Append(path, term.MatchExpressions is not null, [Expression]);
        }
    }
}
