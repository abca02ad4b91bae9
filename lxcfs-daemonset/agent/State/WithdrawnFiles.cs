using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using LxcfsAgent.Native;

namespace LxcfsAgent.State;

[JsonSerializable(typeof(List<WithdrawnContainer>))]
internal sealed partial class WithdrawnJsonContext : JsonSerializerContext;

/// <summary>
/// The file that tells what is taken away from containers: written before anything is, and kept until all of it is back, so
/// that an agent may die at any moment in between.
/// </summary>
internal sealed class WithdrawnFiles(StateFolder folder)
{
    /// <summary>What a record of a few hundred containers takes.</summary>
    private const int Reserved = 1 << 20;

    /// <summary>Larger than that it is none of an agent's.</summary>
    private const int Longest = 64 << 20;

    public IReadOnlyList<WithdrawnContainer> Read()
    {
        var file = folder.WithdrawnFile;
        // Mostly there is none, and it is asked for in each turn: no exception for that.
        using (var there = Descriptor.TryOpen(file, Libc.OPath))
        {
            if (there is null && Libc.IsAbsence(Marshal.GetLastPInvokeError()))
                return [];
        }

        if (Directory.Exists(file))
            folder.PutAside(file, "it is a folder");
        try
        {
            if (new FileInfo(file).Length > Longest)
                throw new JsonException("it is too large");
            var containers = JsonSerializer.Deserialize(File.ReadAllBytes(file), WithdrawnJsonContext.Default.ListWithdrawnContainer) ?? [];
            return containers.All(IsWhole) ? WithdrawnRecord.Join(containers) : throw new JsonException("a record lacks something");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException exception)
        {
            // A node that lost power may have kept half of it, but then none of its containers.
            folder.PutAside(file, exception.Message);
            return [];
        }
    }

    /// <summary>Whole or not at all, whenever the writer dies, and also where the disk is full.</summary>
    public void Write(IReadOnlyCollection<WithdrawnContainer> containers)
    {
        var file = folder.WithdrawnFile;
        if (containers.Count == 0)
        {
            File.Delete(file);
            // What a full disk took of it may be there again.
            TryReserve();
            return;
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes([.. containers], WithdrawnJsonContext.Default.ListWithdrawnContainer);
        try
        {
            File.WriteAllBytes(file + "~", bytes);
        }
        catch (IOException)
        {
            File.Delete(folder.ReserveFile);
            File.WriteAllBytes(file + "~", bytes);
        }

        File.Move(file + "~", file, overwrite: true);
    }

    /// <summary>Keeps room on the disk for the day that it is full.</summary>
    public void Reserve()
    {
        if (new FileInfo(folder.ReserveFile) is { Exists: true, Length: Reserved })
            return;
        // Written, not only sized: a file with holes takes no room.
        File.WriteAllBytes(folder.ReserveFile, new byte[Reserved]);
    }

    private void TryReserve()
    {
        try
        {
            Reserve();
        }
        catch (IOException)
        {
            // Tried again with the next record that is done with.
        }
    }

    private static bool IsWhole(WithdrawnContainer? container) =>
        container is { MountNamespace: not null, Files: not null } && container.Files.All(file => file is { Path: not null, Target: not null })
        && container.Processes?.Contains(null!) != true
        && container.Named is null or { Namespace: not null, Owner: not null, Process: not null };
}
