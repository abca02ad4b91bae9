using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Writes an injection as a patch, from pieces of JSON that are made once.</summary>
internal sealed class PodPatch(LxcfsOptions options)
{
    private static readonly string StatusPointer = $"/metadata/annotations/{JsonPatch.Escape(LxcfsNames.Status)}";
    private static readonly byte[] Mutated = JsonPatch.Text("mutated");
    private static readonly string DeliverPointer = $"/metadata/annotations/{JsonPatch.Escape(LxcfsNames.Deliver)}";
    private static readonly byte[] ByHostPath = JsonPatch.Text(LxcfsNames.DeliverHostPath);
    private static readonly byte[] ByNode = JsonPatch.Text(LxcfsNames.DeliverNode);
    private static readonly string ExceptPointer = $"/metadata/annotations/{JsonPatch.Escape(LxcfsNames.DeliverExcept)}";
    private static readonly string SafeToEvictPointer = $"/metadata/annotations/{JsonPatch.Escape(LxcfsNames.SafeToEvictLocalVolumes)}";

    private readonly TableSet<LxcfsFile> _allFiles = TableSet.All(options.Files);
    private readonly TableSet<LxcfsMount> _allMounts = TableSet.All(options.Mounts);
    private readonly byte[] _allNames = JsonPatch.Text(NamesOf(TableSet.All(options.Files)));
    private readonly byte[][] _mounts = [.. options.Mounts.Select(MountOf)];
    private readonly byte[][] _volumes = [.. options.Files.Select(file => VolumeOf(file, options.Root))];

    public JsonPatch Of(AdmissionRequest<Pod> request, Injection injection)
    {
        var patch = new JsonPatch();
        var pod = request.Object!;
        foreach (var (target, mounts, env) in injection.Containers)
        {
            if (!mounts.IsEmpty)
                patch.Append($"{target.Pointer}/volumeMounts", target.Container.VolumeMounts is not null, Of(mounts, _allMounts, _mounts));
            if (env.Count > 0)
                patch.Append($"{target.Pointer}/env", target.Container.Env is not null, [.. env.Select(VariableOf)]);
        }

        if (!injection.Missing.IsEmpty)
            patch.Append("/spec/volumes", pod.Spec!.Volumes is not null, Of(injection.Missing, _allFiles, _volumes));

        // Under pods/ephemeralcontainers the API server takes nothing but the containers.
        if (request.Operation == "CREATE")
        {
            AddAnnotations(patch, pod, injection);
            NodeLabelAffinity.Add(patch, pod.Spec!, options.NodeLabels(injection.Delivery));
        }

        return patch;
    }

    private static byte[][] Of<T>(TableSet<T> set, TableSet<T> all, byte[][] pieces) =>
        set.Bits == all.Bits ? pieces : [.. set.Indices().Select(index => pieces[index])];

    private void AddAnnotations(JsonPatch patch, Pod pod, Injection injection)
    {
        if (pod.Metadata is null)
            patch.Add("/metadata", JsonPatch.EmptyObject);
        if (pod.Metadata?.Annotations is null)
            patch.Add("/metadata/annotations", JsonPatch.EmptyObject);
        patch.Add(StatusPointer, Mutated);
        patch.Add(DeliverPointer, injection.Delivery == Delivery.Node ? ByNode : ByHostPath);
        if (injection.Delivery == Delivery.HostPath)
            AddSafeToEvict(patch, pod, injection);
        else if (DeliveryMarks.WithExcepted(pod, injection.Excepted) is { } excepted)
            patch.Add(ExceptPointer, JsonPatch.Text(excepted));
    }

    private void AddSafeToEvict(JsonPatch patch, Pod pod, Injection injection)
    {
        var listed = pod.Metadata?.Annotations?.SafeToEvictLocalVolumes;
        var ours = injection.Volumes.Present | injection.Missing;
        if (string.IsNullOrEmpty(listed))
        {
            patch.Add(SafeToEvictPointer, ours.Bits == _allFiles.Bits ? _allNames : JsonPatch.Text(NamesOf(ours)));
            return;
        }

        var names = listed.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        var unlisted = ours.Indices().Where(index => !names.Contains(options.Files[index].Volume))
            .Aggregate(TableSet.None(options.Files), (set, index) => set.With(index));
        if (!unlisted.IsEmpty)
            patch.Add(SafeToEvictPointer, JsonPatch.Text($"{listed},{NamesOf(unlisted)}"));
    }

    private static string NamesOf(TableSet<LxcfsFile> files) => string.Join(',', files.Select(file => file.Volume));

    private static byte[] MountOf(LxcfsMount mount) => Json(json =>
    {
        json.WriteString("name"u8, mount.File.Volume);
        json.WriteString("mountPath"u8, mount.Path);
        json.WriteBoolean("readOnly"u8, true);
    });

    private static byte[] VolumeOf(LxcfsFile file, string root) => Json(json =>
    {
        json.WriteString("name"u8, file.Volume);
        json.WriteStartObject("hostPath"u8);
        json.WriteString("path"u8, root + file.Path);
        json.WriteString("type"u8, "File"u8);
        json.WriteEndObject();
    });

    private static byte[] VariableOf((string Name, string Value) variable) => Json(json =>
    {
        json.WriteString("name"u8, variable.Name);
        json.WriteString("value"u8, variable.Value);
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
