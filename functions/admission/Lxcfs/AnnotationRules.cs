using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Which values the annotations may have.</summary>
internal static class AnnotationRules
{
    private const int LongestQuote = 60;

    public static bool IsValid(PodAnnotations annotations) =>
        annotations is { Mutate: null, Env: null } || !FindProblems(annotations).Any();

    /// <summary>What is wrong with values that can be judged without looking at the containers.</summary>
    public static IEnumerable<StatusCause> FindProblems(PodAnnotations annotations)
    {
        // The first words are those that users of raids-lab/lxcfs-webhook search for.
        if (annotations.Mutate is { } mutate && !bool.TryParse(mutate, out _))
            yield return Problem(LxcfsNames.Mutate, $"{mutate}", "write \"true\" or \"false\", or remove the annotation");
        if (annotations.Env is { } env && EnvironmentProfile.Parse(env).Unknown is { } unknown)
            yield return Problem(LxcfsNames.Env, unknown, $"write some of {EnvironmentProfile.Names}, separated by commas, or none alone");
    }

    /// <summary>Names to skip that no container has.</summary>
    public static IEnumerable<StatusCause> FindUnknownContainers(Pod pod) =>
        SkippedContainers(pod).Except(PodContainers.All(pod).Select(item => item.Container.Name ?? ""))
            .Select(name => Problem(
                LxcfsNames.SkipContainers, name, "no container has this name; write names of the pod's containers, separated by commas"));

    public static string[] SkippedContainers(Pod pod) =>
        pod.Metadata?.Annotations?.SkipContainers?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static StatusCause Problem(string key, string value, string cure) => new(
        $"metadata.annotations[{key}]",
        $"invalid value for {key} annotation: {(value.Length > LongestQuote ? value[..LongestQuote] + "..." : value)}; {cure}");
}
