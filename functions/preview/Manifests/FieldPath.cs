namespace LxcfsFunctions.Manifests;

/// <summary>Paths as Kubernetes and System.Text.Json write them: <c>spec.containers[0].name</c>, <c>metadata.annotations[a.b/c]</c>.</summary>
internal static class FieldPath
{
    /// <summary>The node at a path, or the last one on the way to it.</summary>
    public static Node Nearest(Node root, string field)
    {
        var node = root;
        foreach (var step in Steps(field))
        {
            if (node.At([step]) is not { } next)
                break;
            node = next;
        }

        return node;
    }

    public static string Of(IEnumerable<string> steps) =>
        string.Concat(steps.Select((step, i) => step is "" || char.IsAsciiDigit(step[0]) ? $"[{step}]" : i == 0 ? step : $".{step}"));

    public static IEnumerable<string> Steps(string field)
    {
        for (var at = 0; at < field.Length;)
        {
            var bracket = field[at] == '[';
            var end = bracket ? field.IndexOf(']', at) : field.AsSpan(at).IndexOfAny('.', '[') is >= 0 and var next ? at + next : field.Length;
            if (end < 0)
                yield break;
            var step = field[(bracket ? at + 1 : at)..end].Trim('\'');
            if (step.Length > 0)
                yield return step;
            at = bracket || (end < field.Length && field[end] == '.') ? end + 1 : end;
        }
    }
}
