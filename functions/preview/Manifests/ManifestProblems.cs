using System.Globalization;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Manifests;

/// <summary>What keeps a manifest from being read or changed.</summary>
internal static class ManifestProblems
{
    public static Message KeyIsNoWord { get; } = new("KeyIsNoWord", "a key has to be a word");

    public static Message WrongType { get; } = new("WrongType", "has another type than an API server takes here");

    public static Message EndsInBlock { get; } = new(
        "EndsInBlock", "can't be changed in place, since its last value is a block (| or >) without a newline at its end; add one");

    public static Message SharedAnchor { get; } = new(
        "SharedAnchor", "can't be changed in place, since an anchor in it is used elsewhere too; write out what its aliases stand for");

    public static Message UnreadYaml { get; } = new(
        "UnreadYaml", "YAML that kubectl may read and this program doesn't: indent what stands in brackets deeper than the key in front of them, or quote it");

    public static Message NotTakenOut { get; } = new(
        "NotTakenOut", "can't be taken out in place, since something else shares it; write out what its aliases stand for");

    public static Message UnservedKind(string path, string kind) =>
        new("UnservedKind", "no files at {0}, since this kind is not known; --kind {1}={0} serves it", path, kind);

    public static Message RefusedByKnative(string path, string kind) => new(
        "RefusedByKnative", "no files at {0}: Knative refuses hostPath volumes, unless kubernetes.podspec-volumes-hostpath is enabled; then --kind {1}={0}", path, kind);

    public static Message NotYaml(string why) => new("NotYaml", "not YAML: {0} (if kubectl reads it, quote what stands here, or indent it anew)", why);

    public static Message TooDeep(int most) => new("TooDeep", "nested more than {0} deep", $"{most}");

    public static Message Unforeseen(string exception) => new(
        "Unforeseen", "a bug of this program ({0}): leave this manifest out, and file an issue with it", exception);

    public static Message NoAnchor(string alias) => new("NoAnchor", "*{0} has no anchor before it", alias);

    public static Message TooManyMerged(int most) =>
        new("TooManyMerged", "merges more than {0} maps", most.ToString("N0", CultureInfo.InvariantCulture));

    public static Message TooManyObjects(int most) =>
        new("TooManyObjects", "its aliases stand for more than {0} objects", most.ToString("N0", CultureInfo.InvariantCulture));

    public static Message TooManyValues(int most) =>
        new("TooManyValues", "its aliases stand for more than {0} values", most.ToString("N0", CultureInfo.InvariantCulture));
}
