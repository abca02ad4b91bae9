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
        var (mounted, conflicts) = (FileSet.None(options.Files), FileSet.None(options.Files));
        foreach (var target in PodContainers.Changeable(request))
        {
            if (skipped.Contains(target.Container.Name) || IsServedElsewhere(target.Container, volumes))
                continue;
            var missing = MissingFiles(target.Container);
            var env = MissingVariables(target.Container, pod.Spec?.Resources?.Limits, profiles);
            conflicts |= missing & volumes.Conflicting;
            missing &= usable;
            mounted |= missing;
            if (!missing.IsEmpty || env.Count > 0)
                containers.Add(new(target, missing, env));
        }

        return new(containers, volumes, mounted - volumes.Present, conflicts);
    }

    /// <summary>An update of ephemeral containers can't add a volume: they get the files that the pod already has.</summary>
    private FileSet UsableFiles(AdmissionRequest<Pod> request, PodVolumes volumes) =>
        request.Is("CREATE", "pods") ? FileSet.All(options.Files) - volumes.Conflicting : volumes.Present;

    /// <summary>Another project was here first; a view that is half of its LXCFS and half of ours would be worse than either.</summary>
    private static bool IsServedElsewhere(Container container, PodVolumes volumes) =>
        volumes.Foreign.Count > 0 && (container.VolumeMounts ?? []).Exists(mount => mount?.Name is { } name && volumes.Foreign.Contains(name));

    private FileSet MissingFiles(Container container)
    {
        var missing = FileSet.All(options.Files);
        foreach (var mount in container.VolumeMounts ?? [])
            missing = WithoutCovered(missing, mount?.MountPath);
        foreach (var device in container.VolumeDevices ?? [])
            missing = WithoutCovered(missing, device?.DevicePath);
        return missing;
    }

    private FileSet WithoutCovered(FileSet files, string? path)
    {
        if (path is null)
            return files;
        path = PodPath.Clean(path);
        for (var i = 0; i < options.Files.Length; i++)
        {
            if (PodPath.Covers(path, options.Files[i].Path))
                files = files.Without(i);
        }

        return files;
    }

    private static List<(string Name, string Value)> MissingVariables(
        Container container, ResourceList? podLimits, IReadOnlyList<EnvironmentProfile> profiles)
    {
        if (profiles.Count == 0)
            return [];
        var missing = new List<(string Name, string Value)>();
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
