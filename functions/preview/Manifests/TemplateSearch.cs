namespace LxcfsFunctions.Manifests;

/// <summary>Finds what looks like a pod's template in an object of a kind that is not known: a spec with a list of containers that have an image.</summary>
internal static class TemplateSearch
{
    private const int Deepest = 12;

    /// <summary>The paths as <see cref="TemplateKind"/> has them, each once.</summary>
    public static IReadOnlyList<string> In(Node node) => [.. Find(node, [], 0).Select(TemplateKind.Text).Distinct()];

    private static IEnumerable<string[]> Find(Node node, string[] path, int depth)
    {
        if (depth > Deepest)
            yield break;
        if (IsTemplate(node))
        {
            yield return path;
            yield break;
        }

        // An alias repeats what stands elsewhere, and could do so without an end.
        foreach (var child in node is ListNode list ? list.Items : [])
        {
            foreach (var found in Find(child, [.. path, "[]"], depth + 1))
                yield return found;
        }

        foreach (var member in node is MapNode map ? map.Members : [])
        {
            foreach (var found in member.Key.Target is ScalarNode key ? Find(member.Value, [.. path, key.Value], depth + 1) : [])
                yield return found;
        }
    }

    private static bool IsTemplate(Node node) =>
        node.Find("spec")?.Find("containers")?.AsList is { Items.Count: > 0 } containers && containers.Items.TrueForAll(item => item.Find("image")?.AsString is not null);
}
