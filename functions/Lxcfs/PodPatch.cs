using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Writes an injection as a patch, from pieces of JSON that are made once.</summary>
internal sealed class PodPatch(LxcfsOptions options)
{
    private readonly Dictionary<LxcfsFile, ReadOnlyMemory<byte>> _mounts = options.Files.ToDictionary(file => file, MountOf);
    private readonly Dictionary<LxcfsFile, ReadOnlyMemory<byte>> _volumes = options.Files.ToDictionary(file => file, file => VolumeOf(file, options.Root));

    public ReadOnlyMemory<byte> Write(AdmissionRequest<Pod> request, Injection injection)
    {
        var pod = request.Object!;
        using var patch = new JsonPatch();
        foreach (var (target, mounts, env) in injection.Containers)
        {
            if (mounts.Count > 0)
                patch.Append($"{target.Pointer}/volumeMounts", target.Container.VolumeMounts is not null, mounts.Select(file => _mounts[file]));
            if (env.Count > 0)
                patch.Append($"{target.Pointer}/env", target.Container.Env is not null, env.Select(variable => VariableOf(variable.Name, variable.Value)));
        }

        if (injection.Volumes.Count > 0)
            patch.Append("/spec/volumes", pod.Spec!.Volumes is not null, injection.Volumes.Select(file => _volumes[file]));

        // Under pods/ephemeralcontainers the API server takes nothing but the containers.
        if (request.Operation == "CREATE")
        {
            AddAnnotations(patch, pod, injection);
            if (options.RequireReadyNode)
                ReadyNodeAffinity.Add(patch, pod.Spec!);
        }

        return patch.Complete();
    }

    private void AddAnnotations(JsonPatch patch, Pod pod, Injection injection)
    {
        if (pod.Metadata is null)
            patch.Add("/metadata", "{}"u8);
        if (pod.Metadata?.Annotations is null)
            patch.Add("/metadata/annotations", "{}"u8);
        patch.Add($"/metadata/annotations/{JsonPatch.Escape(LxcfsNames.Status)}", "mutated");

        var listed = pod.Metadata?.Annotations?.SafeToEvictLocalVolumes;
        var present = PodVolumes.Of(pod.Spec, options).Present.Concat(injection.Volumes).Select(file => file.Volume);
        var missing = present.Except((listed ?? "").Split(',', StringSplitOptions.TrimEntries)).ToArray();
        if (missing.Length > 0)
            patch.Add(
                $"/metadata/annotations/{JsonPatch.Escape(LxcfsNames.SafeToEvictLocalVolumes)}",
                string.Join(',', string.IsNullOrEmpty(listed) ? missing : [listed, .. missing]));
    }

    private static ReadOnlyMemory<byte> MountOf(LxcfsFile file) => Json(json =>
    {
        json.WriteString("name"u8, file.Volume);
        json.WriteString("mountPath"u8, file.Path);
        json.WriteBoolean("readOnly"u8, true);
    });

    private static ReadOnlyMemory<byte> VolumeOf(LxcfsFile file, string root) => Json(json =>
    {
        json.WriteString("name"u8, file.Volume);
        json.WriteStartObject("hostPath"u8);
        json.WriteString("path"u8, root + file.Path);
        json.WriteString("type"u8, "File"u8);
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> VariableOf(string name, string value) => Json(json =>
    {
        json.WriteString("name"u8, name);
        json.WriteString("value"u8, value);
    });

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
