using System.Collections.Frozen;
using System.Collections.Immutable;
using LxcfsFunctions.Hosting;

namespace LxcfsFunctions.Lxcfs;

/// <summary>What to inject and where not to; read once at the start.</summary>
internal sealed record LxcfsOptions
{
    /// <summary>Namespaces that are never touched, so that a cluster can always start (Kubernetes, "Initial namespaces").</summary>
    public static readonly string[] SystemNamespaces = ["kube-system", "kube-public", "kube-node-lease"];

    /// <summary>Where LXCFS is mounted on every node: an absolute path without a trailing slash.</summary>
    public string Root { get; init; } = LxcfsFile.DefaultRoot;

    /// <summary>The files to mount, a part of <see cref="LxcfsFile.All"/>.</summary>
    public ImmutableArray<LxcfsFile> Files { get; init; } = LxcfsFile.All;

    /// <summary>The same files, at each of their paths.</summary>
    public ImmutableArray<LxcfsMount> Mounts => field.IsDefault ? field = [.. Files.SelectMany(file => file.Mounts)] : field;

    /// <summary>Namespaces to leave alone, the system's among them.</summary>
    public FrozenSet<string> ExcludedNamespaces { get; init; } = SystemNamespaces.ToFrozenSet();

    /// <summary>Runtime class names to leave alone; a trailing <c>*</c> stands for any ending.</summary>
    public IReadOnlyList<string> SandboxRuntimeClasses { get; init; } = SandboxRuntime.DefaultNames;

    /// <summary>The environment profiles of pods that don't say themselves.</summary>
    public IReadOnlyList<EnvironmentProfile> Env { get; init; } = [];

    /// <summary>Whether a pod may only be scheduled to nodes that carry <see cref="LxcfsNames.Ready"/>.</summary>
    public bool RequireReadyNode { get; init; }

    /// <summary>Who brings the files.</summary>
    public DeliverySetting Delivery { get; init; } = DeliverySetting.HostPath;

    /// <summary>The labels that a pod's node has to have, by who brings the files.</summary>
    public IReadOnlyList<string> NodeLabels(Delivery delivery) => (delivery, RequireReadyNode) switch
    {
        (Lxcfs.Delivery.HostPath, false) => [],
        (Lxcfs.Delivery.HostPath, true) => [LxcfsNames.Ready],
        (_, false) => [LxcfsNames.Delivers],
        _ => [LxcfsNames.Ready, LxcfsNames.Delivers],
    };

    public bool IsSandbox(string? runtimeClass) => runtimeClass is not null && SandboxRuntime.IsNamed(SandboxRuntimeClasses, runtimeClass);

    public static LxcfsOptions Read(SettingsReader settings) => new()
    {
        Root = settings.Read(
            "Root", LxcfsFile.DefaultRoot, "the absolute path at which LXCFS is mounted on every node",
            value => PodPath.Clean(value) is { Length: > 1 } clean && value.StartsWith('/') && !value.Contains(':') ? clean : null),
        Files =
        [
            .. settings.ReadList(
                "Files", LxcfsFile.All, $"paths from this list: {string.Join(", ", LxcfsFile.All.Select(file => file.Path))}",
                value => LxcfsFile.All.FirstOrDefault(file => file.Path == value)),
        ],
        ExcludedNamespaces = settings.ReadList("ExcludedNamespaces", [], "names of namespaces", value => IsDnsLabel(value) ? value : null)
            .Concat(SystemNamespaces).ToFrozenSet(),
        SandboxRuntimeClasses = settings.ReadList(
            "SandboxRuntimeClasses", SandboxRuntime.DefaultNames, "names of runtime classes; a trailing * stands for any ending",
            value => value.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == value.Length - 1) ? value : null),
        Env = settings.ReadList(
            "Env", [], $"environment profiles from this list: {EnvironmentProfile.Names}", EnvironmentProfile.Find),
        RequireReadyNode = settings.ReadBool("RequireReadyNode", false),
        Delivery = settings.Read(
            "Delivery", DeliverySetting.HostPath, $"one of {DeliverySetting.Names}", DeliverySetting.Find),
    };

    private static bool IsDnsLabel(string value) =>
        value.Length is > 0 and <= 63 && value[0] != '-' && value[^1] != '-'
        && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
