namespace LxcfsFunctions.Manifests;

/// <summary>How a manifest indents.</summary>
/// <param name="Step">Columns from a key to the keys below it.</param>
/// <param name="Dash">Columns from a key to the dashes below it; people write none or a step.</param>
internal readonly record struct Indentation(int Step, int Dash)
{
    public static Indentation Of(Node pod)
    {
        var step = StepOf(pod.AsMap, "spec") ?? StepOf(pod.AsMap, "metadata") ?? 2;
        var dash = pod.Find("spec")?.AsMap is { IsFlow: false } spec && spec.FindMember("containers") is ListNode { IsFlow: false } containers
            ? containers.Span.Column - spec.Span.Column
            : 0;
        return new(Math.Clamp(step, 1, 16), Math.Clamp(dash, 0, 16));
    }

    private static int? StepOf(MapNode? map, string name) =>
        map is { IsFlow: false } && map.FindMember(name) is MapNode { IsFlow: false } below && below.Span.Column > map.Span.Column
            ? below.Span.Column - map.Span.Column
            : null;
}
