using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Why a pod is denied. The first words on annotations are those that users of raids-lab/lxcfs-webhook search for.</summary>
internal static class PodProblems
{
    private const string Invalid = "invalid value for {0} annotation: {1}; ";

    public static IReadOnlyList<StatusCause> Bound(IEnumerable<StatusCause> problems) =>
        FirstFew.Of(problems, more => new StatusCause("", new("MoreProblems", "and {0} more", more)));

    public static Message InvalidMutate(string key, string value) =>
        new("InvalidMutate", Invalid + "write \"true\" or \"false\", or remove the annotation", key, value);

    public static Message UnknownProfile(string key, string value) =>
        new("UnknownProfile", Invalid + "write some of {2}, separated by commas, or none alone", key, value, EnvironmentProfile.Names);

    public static Message UnknownContainer(string key, string value) =>
        new("UnknownContainer", Invalid + "no container has this name; write names of the pod's containers, separated by commas", key, value);

    public static Message WritableMount(string root) =>
        new("WritableMount", "a mount of {0} has to be read-only; write readOnly: true", root);
}
