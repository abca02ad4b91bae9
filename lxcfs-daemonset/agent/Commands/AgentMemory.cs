using System.Text.Json;
using System.Text.Json.Serialization;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Commands;

/// <summary>What only the running agent knows, for <c>lxcfs-agent status</c>: it leaves it in its container's own file system.</summary>
/// <param name="Named">The namespaces of other user namespaces that the runtime has named.</param>
/// <param name="Registered">Whether the runtime knows the agent; null where it is not to.</param>
internal sealed record AgentMemory(
    string? Phase, IReadOnlyList<QuarantinedContainer> Quarantined, IReadOnlyList<NamedNamespace>? Named = null, bool? Registered = null)
{
    private const string File = "/run/lxcfs-agent/memory.json";

    /// <summary>Empty where no agent has left any.</summary>
    public static AgentMemory Read()
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(File), AgentMemoryJsonContext.Default.AgentMemory) ?? new(null, []);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return new(null, []);
        }
    }

    /// <summary>Best effort: nobody but a person who looks goes by it.</summary>
    public void Write()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            System.IO.File.WriteAllBytes(File + "~", JsonSerializer.SerializeToUtf8Bytes(this, AgentMemoryJsonContext.Default.AgentMemory));
            System.IO.File.Move(File + "~", File, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The container's own file system is read-only: then status does without.
        }
    }

    public static AgentMemory Of(
        Phase phase, IReadOnlyDictionary<string, Retry> retries, IReadOnlyList<NamedNamespace>? named = null, bool? registered = null) => new(
        phase.ToString(),
        [.. retries.Where(retry => Retry.IsContainers(retry.Key)).Select(retry => new QuarantinedContainer(retry.Key, retry.Value.Error))],
        named,
        registered);
}

/// <param name="Key">The mount namespace.</param>
/// <param name="Detail">Why it is tried again after a pause only.</param>
internal sealed record QuarantinedContainer(string Key, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AgentMemory))]
internal sealed partial class AgentMemoryJsonContext : JsonSerializerContext;
