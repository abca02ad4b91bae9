using System.Collections.Frozen;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// What a pod's annotations say, read once for both webhooks: what validate calls valid is what mutate obeys. White space
/// around a value means nothing.
/// </summary>
/// <param name="OptsOut">Whether it asks to be left alone, in this product's words or a sibling's.</param>
/// <param name="Profiles">The environment profiles that it names; null where it names none.</param>
/// <param name="SkippedContainers">The names of containers to leave alone; each is looked up for every container.</param>
/// <param name="Problems">Values that mean nothing.</param>
internal sealed record PodSettings(
    bool OptsOut, IReadOnlyList<EnvironmentProfile>? Profiles, IReadOnlySet<string> SkippedContainers, IReadOnlyList<StatusCause> Problems)
{
    private const int LongestQuote = 60;

    private static readonly string[] SiblingsNo = ["n", "no", "false", "off"];
    private static readonly PodSettings Nothing = new(false, null, FrozenSet<string>.Empty, []);

    public static PodSettings Of(Pod pod) => pod.Metadata?.Annotations is { } annotations ? Of(annotations) : Nothing;

    /// <summary>Names to skip that no container has.</summary>
    public IEnumerable<StatusCause> FindUnknownContainers(Pod pod)
    {
        if (SkippedContainers.Count == 0)
            return [];
        var known = PodContainers.All(pod).Select(item => item.Container.Name ?? "").ToHashSet(StringComparer.Ordinal);
        return SkippedContainers.Where(name => !known.Contains(name)).Select(name => Problem(LxcfsNames.SkipContainers, name, PodProblems.UnknownContainer));
    }

    private static PodSettings Of(PodAnnotations annotations)
    {
        if (annotations is { Mutate: null, Env: null, SkipContainers: null, AliyunMutate: null, KubernetesMutate: null } || PodSize.IsTooLong(annotations))
            return Nothing;
        List<StatusCause>? problems = null;
        var mutate = true;
        if (annotations.Mutate?.Trim() is { } word && !bool.TryParse(word, out mutate))
        {
            mutate = true;
            (problems ??= []).Add(Problem(LxcfsNames.Mutate, annotations.Mutate, PodProblems.InvalidMutate));
        }

        var (profiles, unknown) = annotations.Env is { } env ? EnvironmentProfile.Parse(env) : (null, null);
        if (unknown is not null)
            (problems ??= []).Add(Problem(LxcfsNames.Env, unknown, PodProblems.UnknownProfile));
        return new(
            !mutate || IsSiblingsNo(annotations.AliyunMutate) || IsSiblingsNo(annotations.KubernetesMutate), profiles,
            annotations.SkipContainers is { } names
                ? names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal)
                : FrozenSet<string>.Empty,
            problems ?? []);
    }

    private static bool IsSiblingsNo(string? value) => value is not null && SiblingsNo.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase);

    private static StatusCause Problem(string key, string value, Func<string, string, Message> say) => new(
        $"metadata.annotations[{key}]", say(key, value.Length > LongestQuote ? value[..LongestQuote] + "..." : value));
}
