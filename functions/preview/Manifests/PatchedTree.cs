namespace LxcfsFunctions.Manifests;

/// <summary>Applies a patch of additions to an expanded tree, as an API server does to the object.</summary>
internal static class PatchedTree
{
    public static void Apply(Node pod, ListNode patch)
    {
        foreach (var operation in patch.Items)
        {
            string[] steps = [.. operation.Find("path")!.AsString!.Split('/')[1..].Select(Unescape)];
            var value = operation.Find("value")!;
            switch (pod.At(steps[..^1]))
            {
                case ListNode list:
                    list.Items.Add(value);
                    break;
                case MapNode map:
                    map.SetMember(steps[^1], value);
                    break;
            }
        }
    }

    public static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
