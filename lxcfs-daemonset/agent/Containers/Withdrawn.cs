using System.Text.Json;
using System.Text.Json.Serialization;

namespace LxcfsAgent.Containers;

/// <summary>A container whose files were taken away because nobody is left to serve them; the next agent gives them back.</summary>
/// <param name="MountNamespace">Its mount namespace; with the next two, what tells that it is still the same container.</param>
/// <param name="Pid">A process in it, by its number on the node.</param>
/// <param name="Started">When that process started, in ticks since the node did.</param>
internal sealed record WithdrawnContainer(string MountNamespace, int Pid, long Started, IReadOnlyList<WithdrawnFile> Files);

/// <summary>A file of LXCFS and where the container had it.</summary>
internal sealed record WithdrawnFile(string Path, string Target);

[JsonSerializable(typeof(List<WithdrawnContainer>))]
internal sealed partial class WithdrawnJsonContext : JsonSerializerContext;

/// <summary>
/// The file that tells what is taken away from containers: written before anything is, and kept until all of it is back, so
/// that an agent may die at any moment in between.
/// </summary>
internal sealed class Withdrawn(string file)
{
    public List<WithdrawnContainer> Read()
    {
        if (!File.Exists(file))
            return [];
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), WithdrawnJsonContext.Default.ListWithdrawnContainer) ?? [];
        }
        catch (JsonException)
        {
            // A node that lost power may have kept half of it, but then none of its containers.
            return [];
        }
    }

    public void Write(List<WithdrawnContainer> containers)
    {
        if (containers.Count == 0)
        {
            File.Delete(file);
            return;
        }

        File.WriteAllBytes(file + "~", JsonSerializer.SerializeToUtf8Bytes(containers, WithdrawnJsonContext.Default.ListWithdrawnContainer));
        File.Move(file + "~", file, overwrite: true);
    }
}
