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
        if (annotations.Mutate is { } mutate && !bool.TryParse(mutate, out _))
            yield return Problem(LxcfsNames.Mutate, mutate, PodProblems.InvalidMutate);
        if (annotations.Env is { } env && EnvironmentProfile.Parse(env).Unknown is { } unknown)
            yield return Problem(LxcfsNames.Env, unknown, PodProblems.UnknownProfile);
    }

    /// <summary>Names to skip that no container has.</summary>
    public static IEnumerable<StatusCause> FindUnknownContainers(Pod pod) =>
        SkippedContainers(pod).Except(PodContainers.All(pod).Select(item => item.Container.Name ?? ""))
            .Select(name => Problem(LxcfsNames.SkipContainers, name, PodProblems.UnknownContainer));

    public static string[] SkippedContainers(Pod pod) =>
        pod.Metadata?.Annotations?.SkipContainers?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static StatusCause Problem(string key, string value, Func<string, string, Message> say) => new(
        $"metadata.annotations[{key}]", say(key, value.Length > LongestQuote ? value[..LongestQuote] + "..." : value));
}
