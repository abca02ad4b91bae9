using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Works out what a pod lacks, container by container, judged by what is there and never by a note of having been here.</summary>
internal sealed class InjectionPlanner(LxcfsOptions options, InjectionPolicy policy)
{
    /// <summary>For each mount, where its file stands in the table of files.</summary>
    private readonly int[] _fileOf = [.. options.Mounts.Select(mount => options.Files.IndexOf(mount.File))];

    public Injection Plan(AdmissionRequest<Pod> request)
    {
        var pod = request.Object!;
        var volumes = PodVolumes.Of(pod.Spec, options);
        var usable = UsableFiles(request, volumes);
        var settings = PodSettings.Of(pod);
        var profiles = policy.ProfilesOf(settings);

        var (delivery, isServed) = (policy.DeliveryOf(request), false);

        var containers = new List<ContainerInjection>();
        List<IneffectiveProfile>? ineffective = null;
        List<string>? excepted = null;
        var (mounted, conflicts) = (TableSet.None(options.Files), TableSet.None(options.Files));
        foreach (var target in PodContainers.Changeable(request))
        {
            if (settings.SkippedContainers.Contains(target.Container.Name!))
                continue;
            if (target.Container.WantsPlainProc || IsServedElsewhere(target.Container, volumes))
            {
                (excepted ??= []).Add(target.Container.Name ?? "");
                continue;
            }

            isServed = true;
            var missing = delivery == Delivery.Node ? TableSet.None(options.Mounts) : MissingMounts(target.Container);
            var variables = ProfileVariables.Of(target.Container, pod.Spec?.Resources?.Limits, profiles);
            conflicts |= FilesOf(missing) & volumes.Conflicting;
            missing = Usable(missing, usable);
            mounted |= FilesOf(missing);
            if (!missing.IsEmpty || variables.Missing.Count > 0)
                containers.Add(new(target, missing, variables.Missing));
            // What the cluster's administrator set for all pods is no wish of this one.
            if (settings.Profiles is not null && variables.Ineffective.Count > 0)
                (ineffective ??= []).AddRange(variables.Ineffective);
        }

        return new(delivery, containers, volumes, mounted - volumes.Present, conflicts, ineffective ?? [])
        {
            Excepted = excepted ?? [],
            IsUnmarked = isServed && request.Is("CREATE", "pods") && DeliveryMarks.AreMissing(pod, delivery, excepted ?? [], options.NodeLabels(delivery)),
        };
    }

    private TableSet<LxcfsFile> FilesOf(TableSet<LxcfsMount> mounts)
    {
        var files = TableSet.None(options.Files);
        foreach (var index in mounts.Indices())
            files = files.With(_fileOf[index]);
        return files;
    }

    private TableSet<LxcfsMount> Usable(TableSet<LxcfsMount> mounts, TableSet<LxcfsFile> files)
    {
        foreach (var index in mounts.Indices())
        {
            if ((files.Bits & 1u << _fileOf[index]) == 0)
                mounts = mounts.Without(index);
        }

        return mounts;
    }

    /// <summary>An update of ephemeral containers can't add a volume: they get the files that the pod already has.</summary>
    private TableSet<LxcfsFile> UsableFiles(AdmissionRequest<Pod> request, PodVolumes volumes) =>
        request.Is("CREATE", "pods") ? TableSet.All(options.Files) - volumes.Conflicting : volumes.Present;

    /// <summary>Another project was here first; a view that is half of its LXCFS and half of ours would be worse than either.</summary>
    private static bool IsServedElsewhere(Container container, PodVolumes volumes) =>
        volumes.Foreign.Count > 0 && (container.VolumeMounts ?? []).Exists(mount => mount?.Name is { } name && volumes.Foreign.Contains(name));

    private TableSet<LxcfsMount> MissingMounts(Container container)
    {
        var missing = TableSet.All(options.Mounts);
        foreach (var mount in container.VolumeMounts ?? [])
            missing = WithoutCovered(missing, mount?.MountPath);
        foreach (var device in container.VolumeDevices ?? [])
            missing = WithoutCovered(missing, device?.DevicePath);
        return missing;
    }

    private TableSet<LxcfsMount> WithoutCovered(TableSet<LxcfsMount> mounts, string? path)
    {
        if (path is null)
            return mounts;
        path = PodPath.Clean(path);
        for (var i = 0; i < options.Mounts.Length; i++)
        {
            if (PodPath.Covers(path, options.Mounts[i].Path))
                mounts = mounts.Without(i);
        }

        return mounts;
    }
}
