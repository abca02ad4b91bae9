using System.Text;
using System.Text.Json;
using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Limits, as far as a view or an environment profile depends on them.</summary>
/// <param name="Cpu">CPUs; null where there is no limit.</param>
/// <param name="Memory">Bytes; null where there is no limit.</param>
/// <param name="Gpus">The sum over the resource names of all GPU vendors.</param>
/// <remarks>
/// A manifest may write a number where an API server writes a string; an amount that can't be read counts as absent, since the API
/// server is the one to refuse it.
/// </remarks>
internal sealed record ResourceList(decimal? Cpu, decimal? Memory, decimal Gpus)
{
    private const int LongestQuantity = 64;

    /// <summary>Resource names that device plugins of the vendors register; NVIDIA's end in a model or a MIG profile.</summary>
    private static readonly byte[][] GpuPrefixes =
    [
        "nvidia.com/"u8.ToArray(), "amd.com/gpu"u8.ToArray(), "gpu.intel.com/i915"u8.ToArray(), "gpu.intel.com/xe"u8.ToArray(),
    ];

    /// <summary>A container's own limits, and the pod's where it has none.</summary>
    public static ResourceList Effective(Container container, ResourceList? ofPod) => container.Resources?.Limits is { } own
        ? new(own.Cpu ?? ofPod?.Cpu, own.Memory ?? ofPod?.Memory, own.Gpus > 0 ? own.Gpus : ofPod?.Gpus ?? 0)
        : ofPod ?? new(null, null, 0);

    /// <summary>Reads cpu, memory and GPUs from a list of any resources, or null.</summary>
    public static ResourceList? Read(ref Utf8JsonReader reader)
    {
        if (!reader.IsAt(JsonTokenType.StartObject))
            return null;
        decimal? cpu = null, memory = null;
        HashSet<string>? seen = null;
        var gpus = 0m;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isCpu, isMemory) = (reader.ValueTextEquals("cpu"u8), reader.ValueTextEquals("memory"u8));
            if (!isCpu && !isMemory && !IsGpu(ref reader))
            {
                reader.Skip();
                continue;
            }

            // A limit that is no limit counts too, so its value does not tell.
            if (!(seen ??= []).Add(reader.GetString()!))
                throw new JsonException("it stands there twice");
            var limit = ReadLimit(ref reader);
            if (isCpu)
                cpu = limit;
            else if (isMemory)
                memory = limit;
            else
                gpus = Math.Min(Quantity.Max, gpus + (limit ?? 0));
        }

        return new(cpu, memory, gpus);
    }

    private static bool IsGpu(ref Utf8JsonReader reader)
    {
        foreach (var prefix in GpuPrefixes)
        {
            if (reader.ValueSpan.StartsWith(prefix))
                return true;
        }

        return false;
    }

    /// <summary>Zero is how Kubernetes writes "no limit".</summary>
    private static decimal? ReadLimit(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            reader.Skip();
            return null;
        }

        var utf8 = reader.ValueSpan;
        if (utf8.Length > LongestQuantity)
            return null;
        Span<char> text = stackalloc char[LongestQuantity];
        return Quantity.TryParse(text[..Encoding.Latin1.GetChars(utf8, text)], out var amount) && amount > 0 ? amount : null;
    }
}
