using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;

namespace LxcfsFunctions.Explain;

/// <summary>Works out what the containers of a pod see, by what is mounted in them in the end.</summary>
internal static class Sights
{
    /// <param name="pod">As the node will run it.</param>
    /// <param name="tree">The same, expanded.</param>
    /// <param name="reason">What mutate said of it.</param>
    public static IReadOnlyList<ContainerSight> Of(Pod pod, Node tree, NodeShape node, LxcfsOptions options, string reason)
    {
        var skipped = PodSettings.Of(pod).SkippedContainers;
        var isLeftAlone = reason is not (PodMutator.ByHostPath or PodMutator.ByNode or nameof(SkipReason.NothingToDo) or nameof(SkipReason.UnmaskedProc));
        var (isByNode, excepted) = (DeliveryMarks.AreOfNode(pod), DeliveryMarks.Excepted(pod));
        return
        [
            .. PodContainers.All(pod).Select(target =>
            {
                var around = Surroundings.Of(pod, tree, target, node, Missing);
                return new ContainerSight(target.Container.Name ?? "", KindOf(target), [.. Probe.All.Select(probe => SightRows.Of(probe, around))]);
            }),
        ];

        SightReason? Missing(Container container, string path) =>
            Covering(container, path) is { } mount
                ? IsLxcfs(pod, mount, path) ? null : SightReason.OwnMount
                : isLeftAlone ? SightReason.LeftAlone
                : skipped.Contains(container.Name!) ? SightReason.SkippedContainer
                : container.WantsPlainProc ? SightReason.UnmaskedProc
                : !isByNode ? SightReason.NotMounted
                : excepted.Contains(container.Name) ? SightReason.SkippedContainer : null;
    }

    private static VolumeMount? Covering(Container container, string path) =>
        (container.VolumeMounts ?? []).FindLast(mount => mount?.MountPath is { } at && PodPath.Covers(PodPath.Clean(at), path));

    /// <summary>The root of an LXCFS, this one's or another project's, and then the same path.</summary>
    private static bool IsLxcfs(Pod pod, VolumeMount mount, string path) =>
        PodPath.Clean(mount.MountPath!) == path
        && (pod.Spec?.Volumes ?? []).Exists(volume => volume is { HostPath.Path: { } source } && volume.Name == mount.Name
            && PodPath.Clean($"{source}/{mount.SubPath}") is { } clean && IsAnswer(clean, path));

    private static bool IsAnswer(string source, string path)
    {
        var file = LxcfsFile.All.FirstOrDefault(file => file.Mounts.Any(mount => mount.Path == path))?.Path ?? path;
        return source.Length > file.Length && source.EndsWith(file, StringComparison.Ordinal);
    }

    private static ContainerKind KindOf(PodContainer target) => target.List switch
    {
        PodContainers.Containers => ContainerKind.Container,
        PodContainers.EphemeralContainers => ContainerKind.Ephemeral,
        _ => target.IsLongRunning ? ContainerKind.Sidecar : ContainerKind.Init,
    };
}
