using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>The part of <see cref="ReviewReader"/> that reads a pod's spec; what few pods have is bound by System.Text.Json.</summary>
internal sealed class PodSpecReader
{
    private readonly Reading _reading;
    private readonly ItemReader<Container> _container;

    public PodSpecReader(Reading reading)
    {
        _reading = reading;
        _container = Container;
    }

    private delegate T ItemReader<T>(ref JsonCursor json);

    public PodSpec? Read(ref JsonCursor json)
    {
        if (json.TryReadNull())
            return null;
        var spec = new PodSpec();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("volumes"u8))
                spec.Volumes = List(ref json, Volume);
            else if (name.SequenceEqual("initContainers"u8))
                spec.InitContainers = List(ref json, _container);
            else if (name.SequenceEqual("containers"u8))
                spec.Containers = List(ref json, _container);
            else if (name.SequenceEqual("ephemeralContainers"u8))
                spec.EphemeralContainers = List(ref json, _container);
            else if (name.SequenceEqual("resources"u8) && _reading != Reading.Mounts)
                spec.Resources = json.Bind(PodJsonContext.Default.ResourceRequirements);
            else if (name.SequenceEqual("nodeName"u8))
                spec.NodeName = json.ReadText();
            else if (name.SequenceEqual("nodeSelector"u8))
                spec.NodeSelector = json.Bind(PodJsonContext.Default.NodeSelector);
            else if (name.SequenceEqual("affinity"u8))
                spec.Affinity = json.Bind(PodJsonContext.Default.Affinity);
            else if (name.SequenceEqual("runtimeClassName"u8))
                spec.RuntimeClassName = json.ReadText();
            else if (name.SequenceEqual("os"u8))
                spec.Os = json.Bind(PodJsonContext.Default.PodOS);
            else if (name.SequenceEqual("shareProcessNamespace"u8))
                spec.ShareProcessNamespace = json.ReadBoolean();
            else
                json.Skip();
        }

        return spec;
    }

    private Container Container(ref JsonCursor json)
    {
        var container = new Container();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("name"u8))
                container.Name = json.ReadText();
            else if (name.SequenceEqual("volumeMounts"u8))
                container.VolumeMounts = List(ref json, VolumeMount);
            else if (name.SequenceEqual("volumeDevices"u8))
                container.VolumeDevices = json.Bind(PodJsonContext.Default.ListVolumeDevice);
            else if (name.SequenceEqual("env"u8) && _reading == Reading.All)
                container.Env = List(ref json, EnvVar);
            else if (name.SequenceEqual("resources"u8) && _reading != Reading.Mounts)
                container.Resources = json.Bind(PodJsonContext.Default.ResourceRequirements);
            else if (name.SequenceEqual("restartPolicy"u8))
                container.RestartPolicy = json.ReadText();
            else
                json.Skip();
        }

        return container;
    }

    private static VolumeMount VolumeMount(ref JsonCursor json)
    {
        var mount = new VolumeMount();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("name"u8))
                mount.Name = json.ReadText();
            else if (name.SequenceEqual("mountPath"u8))
                mount.MountPath = json.ReadText();
            else if (name.SequenceEqual("subPath"u8))
                mount.SubPath = json.ReadText();
            else if (name.SequenceEqual("readOnly"u8))
                mount.ReadOnly = json.ReadBoolean();
            else
                json.Skip();
        }

        return mount;
    }

    private static EnvVar EnvVar(ref JsonCursor json)
    {
        var variable = new EnvVar();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("name"u8))
                variable.Name = json.ReadText();
            else
                json.Skip();
        }

        return variable;
    }

    private static Volume Volume(ref JsonCursor json)
    {
        var volume = new Volume();
        for (var inside = false; json.ReadMember(ref inside, out var name);)
        {
            if (name.SequenceEqual("name"u8))
                volume.Name = json.ReadText();
            else if (name.SequenceEqual("hostPath"u8))
                volume.HostPath = json.Bind(PodJsonContext.Default.HostPathVolumeSource);
            else
                json.Skip();
        }

        return volume;
    }

    private static List<T?>? List<T>(ref JsonCursor json, ItemReader<T> read) where T : class
    {
        if (json.TryReadNull())
            return null;
        var items = new List<T?>();
        for (var inside = false; json.ReadItem(ref inside);)
            items.Add(json.TryReadNull() ? null : read(ref json));
        return items;
    }
}
