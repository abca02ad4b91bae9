using System.Text;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Nri;

/// <summary>Reads pods and containers. Of annotations and mounts, nothing is kept that is nobody's business here, however much there is of it.</summary>
internal static class NriReader
{
    /// <summary>The annotations that are read here. Others of this project are for the functions, or for nobody, and may be of any length.</summary>
    private static readonly (string Name, byte[] Utf8)[] Annotations =
    [
        .. ((string[])[LxcfsNames.Deliver, LxcfsNames.SkipContainers, LxcfsNames.DeliverExcept]).Select(name => (name, Encoding.UTF8.GetBytes(name))),
    ];

    /// <summary>Types and options of the mounts that every container has.</summary>
    private static readonly (string Word, byte[] Utf8)[] Words =
    [
        .. ((string[])["bind", "proc", "sysfs", "", "rbind", "rprivate", "ro", "rw", "nosuid", "nodev", "noexec"]).Select(word => (word, Encoding.UTF8.GetBytes(word))),
    ];

    /// <returns>Null for one that is larger than is taken.</returns>
    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static NriPod? Pod(ReadOnlySpan<byte> message, MemoryBudget budget)
    {
        string id = "", name = "", uid = "", place = "", handler = "";
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var reader = new ProtoReader(message); reader.Next() && !budget.IsExceeded;)
        {
            switch (reader.Field)
            {
                case NriApi.Pod.Id:
                    id = budget.Take(reader.Bytes);
                    break;
                case NriApi.Pod.Name:
                    name = budget.Take(reader.Bytes);
                    break;
                case NriApi.Pod.Uid:
                    uid = budget.Take(reader.Bytes);
                    break;
                case NriApi.Pod.Namespace:
                    place = budget.Take(reader.Bytes);
                    break;
                case NriApi.Pod.RuntimeHandler:
                    handler = budget.Take(reader.Bytes);
                    break;
                case NriApi.Pod.Annotations:
                    AddAnnotation(annotations, reader.Bytes, budget);
                    break;
            }
        }

        return budget.IsExceeded ? null : new(id, name, uid, place, annotations, handler);
    }

    /// <returns>Null for one that is larger than is taken.</returns>
    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static NriContainer? Container(ReadOnlySpan<byte> message, MemoryBudget budget)
    {
        string id = "", pod = "", name = "";
        var (state, pid) = (NriContainerState.Unknown, 0);
        List<NriMount> mounts = [];
        List<NriNamespace> namespaces = [];
        for (var reader = new ProtoReader(message); reader.Next() && !budget.IsExceeded;)
        {
            switch (reader.Field)
            {
                case NriApi.Container.Id:
                    id = budget.Take(reader.Bytes);
                    break;
                case NriApi.Container.PodSandboxId:
                    pod = budget.Take(reader.Bytes);
                    break;
                case NriApi.Container.Name:
                    name = budget.Take(reader.Bytes);
                    break;
                case NriApi.Container.State:
                    state = reader.Number <= (ulong)NriContainerState.Stopped ? (NriContainerState)reader.Number : NriContainerState.Unknown;
                    break;
                case NriApi.Container.Pid:
                    pid = reader.Number <= int.MaxValue ? (int)reader.Number : 0;
                    break;
                case NriApi.Container.Mounts:
                    AddMount(mounts, reader.Bytes, budget);
                    break;
                case NriApi.Container.Linux:
                    AddNamespaces(namespaces, reader.Bytes, budget);
                    break;
            }
        }

        return budget.IsExceeded ? null : new(id, pod, name, state, pid, mounts, namespaces);
    }

    private static void AddAnnotation(Dictionary<string, string> annotations, ReadOnlySpan<byte> message, MemoryBudget budget)
    {
        ReadOnlySpan<byte> key = default, value = default;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            if (reader.Field == NriApi.MapEntry.Key)
                key = reader.Bytes;
            else if (reader.Field == NriApi.MapEntry.Value)
                value = reader.Bytes;
        }

        foreach (var (name, utf8) in Annotations)
        {
            if (key.SequenceEqual(utf8) && budget.TryTakeEntry())
                annotations[name] = budget.Take(value);
        }
    }

    private static void AddMount(List<NriMount> mounts, ReadOnlySpan<byte> message, MemoryBudget budget)
    {
        ReadOnlySpan<byte> destination = default, type = default, source = default;
        var options = 0;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            if (reader.Field == NriApi.Mount.Destination)
                destination = reader.Bytes;
            else if (reader.Field == NriApi.Mount.Type)
                type = reader.Bytes;
            else if (reader.Field == NriApi.Mount.Source)
                source = reader.Bytes;
            else if (reader.Field == NriApi.Mount.Options)
                options++;
        }

        // Whatever else is in the path, dots or slashes.
        var isOfInterest = destination.IndexOf("/proc"u8) >= 0 || destination.IndexOf("/sys"u8) >= 0;
        if (isOfInterest && budget.TryTake(NriLimits.Entry + (long)IntPtr.Size * options))
            mounts.Add(new(Word(destination, budget), Word(type, budget), Word(source, budget), Options(message, budget, options)));
    }

    /// <summary>What every mount says takes no memory again: as many containers fit as would without it.</summary>
    private static string Word(ReadOnlySpan<byte> text, MemoryBudget budget)
    {
        foreach (var (word, utf8) in Words)
        {
            if (text.SequenceEqual(utf8))
                return word;
        }

        return budget.TryTakeEntry() ? budget.Take(text) : "";
    }

    private static List<string> Options(ReadOnlySpan<byte> mount, MemoryBudget budget, int count)
    {
        var options = new List<string>(count);
        for (var reader = new ProtoReader(mount); reader.Next();)
        {
            if (reader.Field == NriApi.Mount.Options)
                options.Add(Word(reader.Bytes, budget));
        }

        return options;
    }

    private static void AddNamespaces(List<NriNamespace> namespaces, ReadOnlySpan<byte> linux, MemoryBudget budget)
    {
        for (var reader = new ProtoReader(linux); reader.Next();)
        {
            if (reader.Field != NriApi.LinuxContainer.Namespaces || !budget.TryTakeEntry())
                continue;
            string type = "", path = "";
            for (var entry = new ProtoReader(reader.Bytes); entry.Next();)
            {
                if (entry.Field == NriApi.Namespace.Type)
                    type = budget.Take(entry.Bytes);
                else if (entry.Field == NriApi.Namespace.Path)
                    path = budget.Take(entry.Bytes);
            }

            namespaces.Add(new(type, path));
        }
    }
}
