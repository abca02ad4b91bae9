using CsCheck;
using LxcfsAgent.Nri;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Nri;

/// <summary>Pods and containers to speak of.</summary>
internal static class Samples
{
    public static readonly NriPod Pod =
        new("p1", "web-0", "0a1b", "shop", new Dictionary<string, string> { [LxcfsNames.Prefix + "/deliver"] = "node" }, "runc");

    public static readonly NriContainer Container = new(
        "c1", "p1", "web", NriContainerState.Created, 4711, [new("/proc", "proc", "proc", ["nosuid", "noexec"])], [new("pid", ""), new("user", "/proc/1/ns/user")]);

    public static readonly NriAdjustment Adjustment = new(
        [new("/proc/meminfo", "bind", "/var/lib/lxc/lxcfs/proc/meminfo", ["rbind", "rprivate", "ro"])], ["/proc/meminfo"], null);

    private static readonly Gen<string> Text = Gen.String[0, 40].Select(text => text.Replace("\ud800", "", StringComparison.Ordinal)).Where(IsWhole);

    public static readonly Gen<NriPod> Pods = Gen.Select(
        Text, Text, Text, Text, Gen.Select(Text, Text, Text, Gen.Int[0, 7]), Text,
        (id, name, uid, place, texts, handler) => new NriPod(id, name, uid, place, Annotations(texts.Item4, texts.Item1, texts.Item2, texts.Item3), handler));

    public static readonly Gen<NriContainer> Containers = Gen.Select(
        Gen.Select(Text, Text, Text), Gen.Enum<NriContainerState>(), Gen.Int[0, int.MaxValue],
        Gen.Select(Text, Text, Text, Text.List[0, 6], (path, type, source, options) => new NriMount("/proc/" + path, type, source, options)).List[0, 12],
        Gen.Select(Text, Text, (type, path) => new NriNamespace(type, path)).List[0, 8],
        (texts, state, pid, mounts, namespaces) => new NriContainer(texts.Item1, texts.Item2, texts.Item3, state, pid, mounts, namespaces));

    /// <summary>Records compare lists by reference.</summary>
    public static string Show(NriPod pod) =>
        $"{pod.Id}|{pod.Name}|{pod.Uid}|{pod.Namespace}|{string.Join(';', pod.Annotations.OrderBy(item => item.Key, StringComparer.Ordinal))}|{pod.RuntimeHandler}";

    /// <inheritdoc cref="Show(NriPod)"/>
    public static string Show(NriContainer container) =>
        $"{container.Id}|{container.PodSandboxId}|{container.Name}|{container.State}|{container.Pid}|{string.Join(';', container.Mounts.Select(Show))}|{string.Join(';', container.Namespaces)}";

    public static string Show(NriMount mount) => $"{mount.Destination} {mount.Type} {mount.Source} {string.Join(',', mount.Options)}";

    /// <param name="which">A bit for each that is there.</param>
    private static Dictionary<string, string> Annotations(int which, params string[] values) =>
        ((string[])[LxcfsNames.Deliver, LxcfsNames.SkipContainers, LxcfsNames.DeliverExcept]).Zip(values)
            .Where((_, index) => (which & 1 << index) != 0).ToDictionary(item => item.First, item => item.Second);

    /// <summary>Halves of signs have no UTF-8.</summary>
    private static bool IsWhole(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);
}
