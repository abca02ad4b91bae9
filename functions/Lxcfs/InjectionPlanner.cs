using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Works out what a pod lacks, container by container, judged by what is there and never by a note of having been here.</summary>
internal sealed class InjectionPlanner(LxcfsOptions options, InjectionPolicy policy)
{
    private static readonly ResourceList NoLimits = new(null, null, 0);

    public Injection Plan(AdmissionRequest<Pod> request)
    {
        var pod = request.Object!;
        var volumes = PodVolumes.Of(pod.Spec, options);
        var usable = UsableFiles(request, volumes);
        var profiles = policy.ProfilesOf(pod);
        var skipped = AnnotationRules.SkippedContainers(pod);

        var containers = new List<ContainerInjection>();
        var conflicts = new HashSet<LxcfsFile>();
        foreach (var target in PodContainers.Changeable(request))
        {
            if (skipped.Contains(target.Container.Name) || IsServedElsewhere(target.Container, volumes))
                continue;
            var missing = MissingFiles(target.Container);
            var mounts = missing.Intersect(usable).ToArray();
            var env = MissingVariables(target.Container, pod.Spec?.Resources?.Limits, profiles);
            conflicts.UnionWith(missing.Intersect(volumes.Conflicting));
            if (mounts.Length > 0 || env.Count > 0)
                containers.Add(new(target, mounts, env));
        }

        var mounted = containers.SelectMany(container => container.Mounts).ToHashSet();
        return new(
            containers, [.. options.Files.Where(file => mounted.Contains(file) && !volumes.Present.Contains(file))],
            [.. options.Files.Where(conflicts.Contains)]);
    }

    /// <summary>An update of ephemeral containers can't add a volume: they get the files that the pod already has.</summary>
    private IEnumerable<LxcfsFile> UsableFiles(AdmissionRequest<Pod> request, PodVolumes volumes) =>
        request.Is("CREATE", "pods") ? options.Files.Where(file => !volumes.Conflicting.Contains(file)) : volumes.Present;

    /// <summary>Another project was here first; a view that is half of its LXCFS and half of ours would be worse than either.</summary>
    private static bool IsServedElsewhere(Container container, PodVolumes volumes) =>
        volumes.Foreign.Count > 0 && (container.VolumeMounts ?? []).Exists(mount => mount?.Name is { } name && volumes.Foreign.Contains(name));

    private List<LxcfsFile> MissingFiles(Container container)
    {
        var taken = new List<string>();
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (mount?.MountPath is { } path)
                taken.Add(PodPath.Clean(path));
        }

        foreach (var device in container.VolumeDevices ?? [])
        {
            if (device?.DevicePath is { } path)
                taken.Add(PodPath.Clean(path));
        }

        return [.. options.Files.Where(file => !taken.Exists(path => PodPath.Covers(path, file.Path)))];
    }

    private static List<(string Name, string Value)> MissingVariables(
        Container container, ResourceList? podLimits, IReadOnlyList<EnvironmentProfile> profiles)
    {
        var missing = new List<(string Name, string Value)>();
        if (profiles.Count == 0)
            return missing;
        var limits = Effective(container.Resources?.Limits ?? NoLimits, podLimits ?? NoLimits);
        var names = (container.Env ?? []).Select(variable => variable?.Name ?? "").ToHashSet();
        foreach (var (name, value) in profiles.SelectMany(profile => profile.Variables(limits)))
        {
            if (value is not null && names.Add(name))
                missing.Add((name, value));
        }

        return missing;
    }

    private static ResourceList Effective(ResourceList container, ResourceList pod) =>
        new(container.Cpu ?? pod.Cpu, container.Memory ?? pod.Memory, container.Gpus > 0 ? container.Gpus : pod.Gpus);
}
